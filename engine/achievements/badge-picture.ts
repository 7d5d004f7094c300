import { readableOn } from '#engine/shared/contrast.ts'
import { escapeXml } from '#engine/shared/escape-xml.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { type BadgeSymbol, symbolPath } from './badge-symbols.ts'
import { fitText, LINE_HEIGHT } from './fit-text.ts'
import type { BadgeShape, HouseStyle, LevelWord } from './house-style.ts'

/** How a picture looks, whatever stands on it. */
export type BadgeLook = Pick<HouseStyle, 'colours' | 'shape'>

/** What a badge picture shows, but for its look. */
export interface BadgeFace {
  /** The name of the badge. */
  readonly label: string
  readonly level?: LevelWord
  readonly symbol?: BadgeSymbol
  /** Of the level word. */
  readonly language: string
}

/** Width and height of every picture. */
export const PICTURE_SIZE = 512

/**
 * A badge as SVG: the same for the same input, and with nothing from elsewhere. `logo` is a data URL. Nothing is drawn outside the
 * shape, whatever the text. The server draws this and nothing else, and the console shows it while it is made.
 */
export function badgePicture(look: BadgeLook, face: BadgeFace, logo?: string): string {
  const { primary, secondary } = look.colours
  const outline = OUTLINES[look.shape]
  // Several of them may stand in one page, where a name means the first that bears it: of one shape it is the same.
  const clip = `shape-${look.shape}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_SIZE}" height="${PICTURE_SIZE}" viewBox="0 0 ${PICTURE_SIZE} ${PICTURE_SIZE}" role="img">`,
    `<title>${escapeXml(face.label)}</title>`,
    `<defs><clipPath id="${clip}"><path d="${outline}"/></clipPath></defs>`,
    `<g clip-path="url(#${clip})">`,
    `<path d="${outline}" fill="${primary}" stroke="${secondary}" stroke-width="28" stroke-linejoin="round"/>`,
    face.symbol === undefined
      ? ''
      : `<path transform="translate(212 74) scale(3.6667)" d="${symbolPath(face.symbol)}" fill="${secondary}"/>`,
    label(look, face),
    face.level === undefined ? '' : ribbon(face.level, face.language),
    logo === undefined
      ? ''
      : `<image x="228" y="408" width="56" height="56" preserveAspectRatio="xMidYMid meet" href="${escapeXml(logo)}"/>`,
    '</g></svg>',
  ].join('')
}

const OUTLINES: Readonly<Record<BadgeShape, string>> = {
  round: 'M256 12A244 244 0 0 1 256 500A244 244 0 0 1 256 12Z',
  shield: 'M28 36Q256 -4 484 36V250C484 380 386 462 256 504C126 462 28 380 28 250Z',
  hexagon: 'M256 6L472.5 131V381L256 506L39.5 381V131Z',
  square: 'M56 16H456Q496 16 496 56V456Q496 496 456 496H56Q16 496 16 456V56Q16 16 56 16Z',
}

/** How wide a line may be, well within the border where the label stands. */
const LINE_WIDTHS: Readonly<Record<BadgeShape, number>> = {
  round: 380,
  shield: 380,
  hexagon: 376,
  square: 420,
}
const LABEL_HEIGHT = 160
const LABEL_SIZES = [56, 50, 44, 38, 32, 28]

const fitLabel = (shape: BadgeShape, text: string) =>
  fitText(text, { width: LINE_WIDTHS[shape], height: LABEL_HEIGHT, lines: 3, sizes: LABEL_SIZES })

const fitLevel = (word: string) =>
  fitText(word, { width: RIBBON_WIDTH - 24, height: 48, lines: 1, sizes: [32, 28, 24, 20, 16] })

/** Whether all of the text is on the picture, without a word that is broken. */
export const textFits = (shape: BadgeShape, { label, level, language }: BadgeFace): boolean =>
  fitLabel(shape, label).fits && (level === undefined || fitLevel(textIn(level.name, language, 'en')).fits)

function label({ colours, shape }: BadgeLook, { label: text, symbol, level }: BadgeFace): string {
  const { size, lines } = fitLabel(shape, text)
  // In the middle of what the symbol above and the ribbon below leave free.
  const middle =
    256 + (symbol === undefined ? 0 : 10) - (level === undefined || symbol !== undefined ? 0 : 20)
  const first = middle - (lines.length * size * LINE_HEIGHT) / 2 + size * 0.92
  return lines
    .map((line, index) => write(line, { y: first + index * size * LINE_HEIGHT, size, fill: colours.text }))
    .join('')
}

const RIBBON_WIDTH = 240

function ribbon({ name, accent }: LevelWord, language: string): string {
  const { size, lines } = fitLevel(textIn(name, language, 'en'))
  return [
    `<rect x="${(PICTURE_SIZE - RIBBON_WIDTH) / 2}" y="350" width="${RIBBON_WIDTH}" height="50" rx="25" fill="${accent}"/>`,
    ...lines.map((line) => write(line, { y: 375 + size * 0.36, size, fill: readableOn(accent) })),
  ].join('')
}

const write = (
  line: string,
  { y, size, fill }: { readonly y: number; readonly size: number; readonly fill: string },
): string =>
  `<text x="256" y="${y.toFixed(1)}" font-family="Inter Variable, Inter, sans-serif" font-size="${size}" text-anchor="middle" fill="${fill}">${escapeXml(line)}</text>`
