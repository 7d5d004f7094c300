import { parentPort, workerData } from 'node:worker_threads'
import { drawSvg } from './draw-svg.ts'
import { loadInterFonts } from './inter-fonts.ts'

/** Draws one SVG that somebody brought, in a thread that can be ended: see draw-foreign-svg.ts. */
const { svg, atMost } = workerData as { readonly svg: string; readonly atMost: number }
const png = await drawSvg(svg, { atMost }, /<text/.test(svg) ? await loadInterFonts() : [])
parentPort?.postMessage(png, [png.buffer as ArrayBuffer])
