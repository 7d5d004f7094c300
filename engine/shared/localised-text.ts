/** A text in several languages, by BCP 47 tag (`nl`, `en-GB`). At least one. */
export type LocalisedText = Readonly<Record<string, string>>

/** The text in the language asked for, else in the fallback, else in whatever there is. */
export function textIn(text: LocalisedText, language: string, fallback: string): string {
  return text[language] ?? text[fallback] ?? Object.values(text)[0] ?? ''
}

/** A text with the language that it is in, so that a page can say so where it is not the reader's. */
export interface TextInLanguage {
  readonly text: string
  readonly language: string
}

/** As `textIn`, saying which it is; `nl-BE` finds `nl` where there is nothing closer. */
export function textWithLanguage(text: LocalisedText, language: string, fallback: string): TextInLanguage {
  const [plain = ''] = language.split('-')
  const found = [language, plain, fallback, ...Object.keys(text)].find((each) => Object.hasOwn(text, each))
  return found === undefined ? { text: '', language: fallback } : { text: text[found] ?? '', language: found }
}
