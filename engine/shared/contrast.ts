/** What WCAG 2.2 asks of text (success criterion 1.4.3). */
export const READABLE_CONTRAST = 4.5

/** Contrast of two colours (`#rrggbb`) by WCAG 2.2: from 1, the same, to 21, black and white. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Black or white: one of the two is readable on every colour. */
export const readableOn = (ground: string): string =>
  contrast('#000000', ground) >= contrast('#ffffff', ground) ? '#000000' : '#ffffff'

const luminance = (colour: string): number =>
  0.2126 * linear(colour.slice(1, 3)) +
  0.7152 * linear(colour.slice(3, 5)) +
  0.0722 * linear(colour.slice(5, 7))

function linear(hex: string): number {
  const share = Number.parseInt(hex, 16) / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
