/** English and Dutch as a form holds them, over what was there before: more languages stay. */
export function localised(
  before: { readonly [language: string]: string } | undefined,
  en: string,
  nl: string,
): { [language: string]: string } {
  const { en: _en, nl: _nl, ...others } = before ?? {}
  return {
    ...others,
    ...(en.trim() === '' ? {} : { en: en.trim() }),
    ...(nl.trim() === '' ? {} : { nl: nl.trim() }),
  }
}
