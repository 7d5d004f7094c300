import { parentPort, workerData } from 'node:worker_threads'
import type { ForeignDrawing } from './draw-foreign-svg.ts'
import { drawSvg } from './draw-svg.ts'
import { loadInterFonts } from './inter-fonts.ts'
import { webpAsPng } from './webp-as-png.ts'

/** Draws one SVG that somebody brought, in a thread that can be ended: see draw-foreign-svg.ts. */
const { svg, atMost, webp, empty } = workerData as ForeignDrawing
const picture =
  webp && `href="data:image/png;base64,${Buffer.from(await webpAsPng(webp)).toString('base64')}"`
const whole = picture === undefined ? svg : svg.replace('href=""', picture)
const png = await drawSvg(whole, { atMost }, /<text/.test(svg) ? await loadInterFonts() : [])
// The library passes over a picture that it cannot read.
const isBlank = empty !== undefined && Buffer.compare(png, await drawSvg(empty, { atMost })) === 0
if (!isBlank) parentPort?.postMessage(png, [png.buffer as ArrayBuffer])
