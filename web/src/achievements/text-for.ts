/** A text in the reader's language, else in the fallback, else in whatever there is. */
export const textFor = (
  text: Readonly<Record<string, string>> | undefined,
  language: string,
  fallback: string,
): string | undefined =>
  text === undefined ? undefined : (text[language] ?? text[fallback] ?? Object.values(text)[0])
