import { collectDefaultMetrics, Registry } from 'prom-client'

let ofProcess: Registry | undefined

/**
 * A registry of the caller's own that begins with what is measured of this process. That is measured once, however often a
 * product starts here: the library never ends a measurement, and each looks at the event loop a hundred times a second.
 */
export function processMetrics(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return Registry.merge([ofProcess])
}
