import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { bakeSvg } from '#adapters/crypto/bake-svg.ts'
import { badgePicture } from '#engine/achievements/badge-picture.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import { drawBadge } from './badge-artist.ts'
import { isWholePng } from './whole-png.ts'

const MOST_PIXELS = 4096

/** Draws with resvg (WebAssembly, loaded at the first drawing) and bakes as Open Badges 3.0 says. */
export function createBadgeImages(): BadgeImages {
  return {
    draw: (seed) => toPng(drawBadge(seed)),
    compose: async (style, face, logo) =>
      toPng(badgePicture(style, face, logo === undefined ? undefined : dataUrl(logo)), await loadFonts()),
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
    isUsablePng: (bytes) => isWholePng(bytes, MOST_PIXELS),
  }
}

const dataUrl = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`

/** Only the fonts that come along: those of the machine would make the same badge another picture elsewhere. */
async function toPng(svg: string, fontBuffers: readonly Uint8Array[] = []): Promise<Uint8Array> {
  const { Resvg } = await loadResvg()
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: 512 },
    font: { loadSystemFonts: false, fontBuffers: [...fontBuffers], defaultFontFamily: 'Inter Variable' },
  })
  try {
    return new Uint8Array(drawing.render().asPng())
  } finally {
    drawing.free()
  }
}

/** Every script that Inter has. Loaded at the first picture with words. */
let fonts: Promise<readonly Uint8Array[]> | undefined
const SCRIPTS = ['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese']

function loadFonts(): Promise<readonly Uint8Array[]> {
  const { resolve } = createRequire(import.meta.url)
  fonts ??= Promise.all(
    SCRIPTS.map((script) =>
      readFile(resolve(`@fontsource-variable/inter/files/inter-${script}-wght-normal.woff2`)),
    ),
  )
  return fonts
}

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

/** The library takes its WebAssembly once in a process, whoever asks first. */
let resvg: Promise<typeof import('@resvg/resvg-wasm')> | undefined

function loadResvg(): Promise<typeof import('@resvg/resvg-wasm')> {
  resvg ??= (async () => {
    const module = await import('@resvg/resvg-wasm')
    const file = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')
    await module.initWasm(await readFile(file))
    return module
  })()
  return resvg
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
