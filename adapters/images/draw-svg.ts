import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** How large the picture becomes: so wide, or as it says itself and at most so wide and high. */
export type DrawnSize = { readonly width: number } | { readonly atMost: number }

/** Only the fonts that come along: those of the machine would make the same badge another picture elsewhere. */
export async function drawSvg(
  svg: string,
  size: DrawnSize,
  fontBuffers: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const { Resvg } = await loadResvg()
  const font = { loadSystemFonts: false, fontBuffers: [...fontBuffers], defaultFontFamily: 'Inter Variable' }
  let drawing = new Resvg(
    svg,
    'width' in size ? { fitTo: { mode: 'width', value: size.width }, font } : { font },
  )
  try {
    if ('atMost' in size && Math.max(drawing.width, drawing.height) > size.atMost) {
      const mode = drawing.width >= drawing.height ? 'width' : 'height'
      drawing.free()
      drawing = new Resvg(svg, { fitTo: { mode, value: size.atMost }, font })
    }
    return new Uint8Array(drawing.render().asPng())
  } finally {
    drawing.free()
  }
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
