import { openThread } from '#adapters/threads/open-thread.ts'
import { type BUSY, createDrawingQueue } from './drawing-queue.ts'

/** One at a time: pictures are brought seldom, and each may take a processor for as long as it is let. Few wait, as each is held. */
const inLine = createDrawingQueue(4)

/** What goes to the thread. */
export interface ForeignDrawing {
  readonly svg: string
  readonly atMost: number
  /** Stands where the SVG has `href=""`, as the drawing library does not read it. */
  readonly webp?: Uint8Array
  /** What it must not look like: the same without what it should show. */
  readonly empty?: string
}

/**
 * Draws what somebody else wrote, in a thread of its own that is ended when it takes too long: an SVG can be short and never done.
 * Undefined where it could not be drawn, or not in time; `busy` where too many others wait.
 */
export function drawForeignSvg(
  svg: string,
  { atMost, milliseconds }: { readonly atMost: number; readonly milliseconds: number },
  more: Pick<ForeignDrawing, 'webp' | 'empty'> = {},
): Promise<Uint8Array | typeof BUSY | undefined> {
  return inLine(() => drawApart({ svg, atMost, ...more }, milliseconds))
}

function drawApart(drawing: ForeignDrawing, milliseconds: number): Promise<Uint8Array | undefined> {
  const worker = openThread(new URL('./drawing-worker.ts', import.meta.url), {
    workerData: drawing,
    limits: { maxOldGenerationSizeMb: 256 },
  })
  return new Promise<Uint8Array | undefined>((resolve) => {
    const end = (png?: Uint8Array) => {
      clearTimeout(deadline)
      void worker.terminate()
      resolve(png)
    }
    const deadline = setTimeout(end, milliseconds)
    worker.once('message', (png: Uint8Array) => end(png))
    worker.once('error', () => end())
    worker.once('exit', () => end())
  })
}
