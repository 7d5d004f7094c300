/** Text as it may stand in XML, in elements and in attributes. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // XML 1.0 has no place for these, escaped or not.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
