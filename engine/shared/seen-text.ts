import { isVisible } from './visible-text.ts'

/**
 * Signs that turn the direction of writing, that take no room, or that no reader sees: with them a name reads as another one.
 * Joiners stay, as Persian, the languages of India and faces need them.
 */
const HIDDEN =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E007F}]|(?![\n\t])\p{Cc}/gu

/** Of ASCII nothing is hidden but controls. */
const PLAIN = /^[\n\t -~]*$/
const PRINTED = /[!-~]/

/** A text of a stranger as a reader sees it; undefined where there is nothing to be seen. */
export function seenText(text: string): string | undefined {
  if (PLAIN.test(text)) return PRINTED.test(text) ? text : undefined
  const visible = text.toWellFormed().replace(HIDDEN, '')
  return isVisible(visible) ? visible : undefined
}
