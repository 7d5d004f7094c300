/** A language tag as JSON-LD processors look at it: no more than its form (BCP 47). */
export const isLanguageTag = (text: string): boolean => /^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$/.test(text)
