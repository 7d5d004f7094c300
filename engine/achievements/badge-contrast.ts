import { contrast, GRAPHIC_CONTRAST, proposeColour, READABLE_CONTRAST } from '#engine/shared/contrast.ts'
import type { HouseStyle } from './house-style.ts'

/** How far two colours of a picture are apart, how far they must be, and what to take instead where they are too near. */
export interface ContrastFinding {
  /** `text`: the name on the ground. `graphics`: border and symbol on the ground. */
  readonly part: 'text' | 'graphics'
  /** Rounded down to hundredths: 4.499 is not told as 4.5, which would be enough. */
  readonly ratio: number
  readonly needed: number
  readonly isEnough: boolean
  /** The colour of that part, as it is or mended. */
  readonly proposal: string
}

/** What WCAG 2.2 asks of the colours of a badge: 4.5 : 1 of text, 3 : 1 of graphics. */
export function badgeContrast({
  primary,
  secondary,
  text,
}: HouseStyle['colours']): readonly [text: ContrastFinding, graphics: ContrastFinding] {
  const finding = (part: ContrastFinding['part'], colour: string, needed: number): ContrastFinding => {
    const ratio = contrast(colour, primary)
    return {
      part,
      ratio: Math.floor(ratio * 100) / 100,
      needed,
      isEnough: ratio >= needed,
      proposal: proposeColour(colour, primary, needed),
    }
  }
  return [finding('text', text, READABLE_CONTRAST), finding('graphics', secondary, GRAPHIC_CONTRAST)]
}
