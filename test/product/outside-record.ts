import { appendFileSync, readFileSync } from 'node:fs'

/** A learning event as a CloudEvent: `source` and `id` name it. */
export type SentEvent = Readonly<Record<string, unknown>> & { readonly source: string; readonly id: string }

/** What the product has taken over, by its own word. */
export interface Acknowledged {
  readonly event: SentEvent
  /** The id that the product gave it. */
  readonly id: string
}

/** What was acknowledged over HTTP, kept on disk and outside of everything that the product can lose. */
export interface OutsideRecord {
  acknowledge(events: readonly SentEvent[], items: readonly { readonly id: string }[]): void
  /** As it stands on disk. */
  read(): readonly Acknowledged[]
}

export function openOutsideRecord(file: string): OutsideRecord {
  return {
    acknowledge(events, items) {
      const lines = events.map((event, at) => `${JSON.stringify({ event, id: items[at]?.id })}\n`)
      appendFileSync(file, lines.join(''), { flush: true })
    },
    read: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Acknowledged),
  }
}
