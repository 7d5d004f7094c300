/** What WCAG 2.2 asks of text (success criterion 1.4.3). */
export const READABLE_CONTRAST = 4.5
/** What it asks of graphics that say something (success criterion 1.4.11). */
export const GRAPHIC_CONTRAST = 3

/** Contrast of two colours (`#rrggbb`) by WCAG 2.2: from 1, the same, to 21, black and white. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Black or white: one of the two is readable on every colour. */
export const readableOn = (ground: string): string =>
  contrast('#000000', ground) >= contrast('#ffffff', ground) ? '#000000' : '#ffffff'

/**
 * The colour nearest to this one, lighter or darker, that is as far from the ground as needed; the same when it is already, and black
 * or white when nothing in between is. One of those is 4.5 : 1 from any ground, and more cannot be promised.
 */
export function proposeColour(colour: string, ground: string, needed: number): string {
  if (contrast(colour, ground) >= needed) return colour
  for (let share = 1; share < STEPS; share++) {
    for (const end of ['#000000', '#ffffff']) {
      const mixed = mix(colour, end, share / STEPS)
      if (contrast(mixed, ground) >= needed) return mixed
    }
  }
  return readableOn(ground)
}
const STEPS = 100

const mix = (from: string, to: string, share: number): string =>
  `#${[1, 3, 5]
    .map((at) =>
      Math.round(part(from, at) * (1 - share) + part(to, at) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

const part = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16)

const luminance = (colour: string): number =>
  0.2126 * linear(colour.slice(1, 3)) +
  0.7152 * linear(colour.slice(3, 5)) +
  0.0722 * linear(colour.slice(5, 7))

function linear(hex: string): number {
  const share = Number.parseInt(hex, 16) / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
