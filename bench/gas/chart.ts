import type { Figures } from './figures.ts'
import { perCredential } from './per-credential.ts'
import { SIZES } from './sizes.ts'

/** Colours of the house and two that differ from it for everybody, in hue and in lightness. */
const INK = '#222d29'
const MUTED = '#5c6b65'
const GRID = '#dfe6e3'
const OURS = '#2b5d4f'
const OURS_PALE = '#8bbfab'
const EAS = '#c2571a'
const STORE = '#4a5fb0'

const [WIDTH, HEIGHT] = [860, 470]
const PLOT = { left: 92, right: 590, top: 76, bottom: 400 }
const DECADES = 6

/** Gas for each credential against the size of the batch, both in powers of ten, as an SVG picture. */
export function chartOf(figures: Figures): string {
  const rows = perCredential(figures)
  const line = (name: keyof (typeof rows)[number], stroke: string, more: string) => {
    const points = rows.map((row, at) => `${x(at)},${y(row[name])}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke="${stroke}" ${more}/>`
  }
  const dots = (name: keyof (typeof rows)[number], fill: string) =>
    rows.map((row, at) => `<circle cx="${x(at)}" cy="${y(row[name])}" r="3.5" fill="${fill}"/>`)
  const last = rows.at(-1)
  if (last === undefined) throw new Error('There are no sizes.')
  const label = (top: number, fill: string, text: string) =>
    `<text x="${PLOT.right + 16}" y="${top}" fill="${fill}">${text}</text>`
  const ends = y(last.own)

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title what" font-family="'Inter Variable', Inter, system-ui, sans-serif" font-size="13">`,
    `<title id="title">Gas for each credential, by the size of the batch</title>`,
    `<desc id="what">Attesting or issuing each credential by itself stays at ${round(last.easEach)} gas with EAS and ${round(last.storeEach)} with document-store. One root for a batch, with Waarmerk, EAS or document-store, falls from about 47,000 gas to about ${last.own.toFixed(1)} at 10,000 credentials.</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#ffffff"/>`,
    `<text x="24" y="32" font-size="17" font-weight="650" fill="${INK}">Gas for each credential, by the size of the batch</text>`,
    `<text x="24" y="52" fill="${MUTED}">Measured in one run on one chain. Both scales are powers of ten.</text>`,
    ...Array.from({ length: DECADES + 1 }, (_, power) => {
      const top = y(10 ** power)
      return `<line x1="${PLOT.left}" y1="${top}" x2="${PLOT.right}" y2="${top}" stroke="${GRID}"/><text x="${PLOT.left - 10}" y="${top + 4}" text-anchor="end" fill="${MUTED}">${round(10 ** power)}</text>`
    }),
    ...SIZES.map(
      (size, at) =>
        `<text x="${x(at)}" y="${PLOT.bottom + 22}" text-anchor="middle" fill="${MUTED}">${round(size)}</text>`,
    ),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 46}" text-anchor="middle" fill="${INK}">credentials in the batch</text>`,
    `<text transform="translate(22 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${INK}">gas for each</text>`,
    line('easEach', EAS, 'stroke-width="2.5"'),
    ...dots('easEach', EAS),
    line('storeEach', STORE, 'stroke-width="2.5"'),
    ...dots('storeEach', STORE),
    line('own', OURS_PALE, 'stroke-width="9" stroke-linecap="round"'),
    line('easRoot', EAS, 'stroke-width="2" stroke-dasharray="7 9"'),
    line('storeRoot', STORE, 'stroke-width="2" stroke-dasharray="7 9" stroke-dashoffset="8"'),
    label(y(last.easEach) + 4, EAS, `EAS, each attested: ${round(last.easEach)}`),
    label(y(last.storeEach) + 4, STORE, `document-store, each issued: ${round(last.storeEach)}`),
    label(ends - 34, INK, 'One root for all, at 10,000:'),
    label(
      ends - 14,
      OURS,
      `<tspan font-weight="650">Waarmerk ${last.own.toFixed(2)}</tspan>, with revocation bits`,
    ),
    label(ends + 6, EAS, `EAS timestamp ${last.easRoot.toFixed(2)}`),
    label(ends + 26, STORE, `document-store issue ${last.storeRoot.toFixed(2)}`),
    '</svg>',
  ].join('\n')}\n`
}

const x = (at: number): number => Math.round(PLOT.left + ((PLOT.right - PLOT.left) * at) / (SIZES.length - 1))

const y = (gas: number): number =>
  Math.round((PLOT.bottom - ((PLOT.bottom - PLOT.top) * Math.log10(gas)) / DECADES) * 10) / 10

const round = (gas: number): string => gas.toLocaleString('en', { maximumFractionDigits: 0 })
