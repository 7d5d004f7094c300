/** A text in several languages, by BCP 47 tag (`nl`, `en-GB`). At least one. */
export type LocalisedText = Readonly<Record<string, string>>

/** The text in the language asked for, else in the fallback, else in whatever there is. */
export function textIn(text: LocalisedText, language: string, fallback: string): string {
  return text[language] ?? text[fallback] ?? Object.values(text)[0] ?? ''
}
