import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { bakeSvg } from '#adapters/crypto/bake-svg.ts'
import { badgePicture, PICTURE_SIZE } from '#engine/achievements/badge-picture.ts'
import { escapeXml } from '#engine/shared/escape-xml.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import { drawBadge } from './badge-artist.ts'
import { cleanPicture } from './clean-picture.ts'
import { drawSvg } from './draw-svg.ts'
import { loadInterFonts } from './inter-fonts.ts'

/** Draws with resvg (WebAssembly, loaded at the first drawing) and bakes as Open Badges 3.0 says. */
export function createBadgeImages(): BadgeImages {
  return {
    draw: (seed) => drawSvg(drawBadge(seed), SIZE),
    compose: async (look, face, logo) =>
      drawSvg(
        badgePicture(look, face, logo === undefined ? undefined : dataUrl(logo)),
        SIZE,
        await loadInterFonts(),
      ),
    bakePng,
    bakeSvg: (png, credential, title) => {
      const picture = dataUrl(png)
      const svg = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512" role="img">',
        `<title>${escapeXml(title)}</title><image href="${picture}" width="512" height="512"/></svg>`,
      ].join('')
      return new TextEncoder().encode(bakeSvg(svg, credential))
    },
    undrawable: async (text) => {
      const ranges = await loadRanges()
      const isThere = (letter: string) => {
        const code = letter.codePointAt(0) ?? 0
        return ranges.some(([from, to]) => from <= code && code <= to)
      }
      return [...new Set(text)].filter((letter) => !isThere(letter))
    },
    clean: cleanPicture,
  }
}

const SIZE = { width: PICTURE_SIZE }

const dataUrl = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`

/** Which letters stand in those files, as their stylesheet says. */
let ranges: Promise<readonly (readonly [from: number, to: number])[]> | undefined

function loadRanges(): Promise<readonly (readonly [from: number, to: number])[]> {
  ranges ??= (async () => {
    const { resolve } = createRequire(import.meta.url)
    const css = await readFile(resolve('@fontsource-variable/inter/index.css'), 'utf8')
    return [...css.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi)].map(([, from = '', to = from]) => [
      Number.parseInt(from, 16),
      Number.parseInt(to, 16),
    ])
  })()
  return ranges
}
