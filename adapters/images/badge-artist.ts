import { createHash } from 'node:crypto'

/** Pairs of a dark ground and a light figure, each with a contrast of at least 4.5 : 1. */
const PALETTES = [
  ['#1f4d3f', '#f4e7c3'],
  ['#1d3f66', '#f5d9b8'],
  ['#5a2a4f', '#f6dfe6'],
  ['#6b3a12', '#fbe8cf'],
  ['#2f4858', '#d9f0e3'],
  ['#4b3f72', '#f1e4ff'],
] as const

/**
 * A badge as SVG, 512 × 512, the same for the same seed: a rounded hexagon with a rosette. Without text, so that it
 * says nothing in one language only and needs no font.
 */
export function drawBadge(seed: string): string {
  const bytes = createHash('sha256').update(seed).digest()
  const at = (index: number): number => bytes[index] ?? 0
  const [ground, figure] = PALETTES[at(0) % PALETTES.length] ?? PALETTES[0]
  const petals = 5 + (at(1) % 5)
  const turn = at(2) % 60
  const inner = 60 + (at(3) % 40)
  const rosette = Array.from({ length: petals }, (_, petal) => {
    const angle = turn + (petal * 360) / petals
    return `<ellipse cx="256" cy="${256 - inner}" rx="${34 + (at(4) % 18)}" ry="${inner}" transform="rotate(${angle.toFixed(2)} 256 256)" fill="${figure}" fill-opacity="0.82"/>`
  }).join('')
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">',
    `<path d="${hexagon(240)}" fill="${ground}" stroke="${ground}" stroke-width="24" stroke-linejoin="round"/>`,
    `<path d="${hexagon(214)}" fill="none" stroke="${figure}" stroke-width="6" stroke-linejoin="round"/>`,
    rosette,
    `<circle cx="256" cy="256" r="${26 + (at(5) % 18)}" fill="${ground}"/>`,
    `<circle cx="256" cy="256" r="12" fill="${figure}"/>`,
    '</svg>',
  ].join('')
}

function hexagon(radius: number): string {
  const points = Array.from({ length: 6 }, (_, corner) => {
    const angle = (Math.PI / 3) * corner - Math.PI / 2
    return `${(256 + radius * Math.cos(angle)).toFixed(1)} ${(256 + radius * Math.sin(angle)).toFixed(1)}`
  })
  return `M${points.join('L')}Z`
}
