/** Letters by their class, and a symbol, that show nothing: fillers of Hangul, and the Braille pattern without dots. */
const FILLERS = /[\u115F\u1160\u2800\u3164\uFFA0]/gu

/** Whether there is anything to see: a letter, digit, mark or symbol, and not only spaces and what has no width. */
export const isVisible = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text.replace(FILLERS, ''))
