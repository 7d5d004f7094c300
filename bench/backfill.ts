/**
 * `npm run bench:backfill -- --events 1000000`: how long live events take, from the request to the decision, without
 * and with a backfill of so many past events beside them. `--short` shows that it works, with 20,000.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Latencies } from './live-latency.ts'
import { measureBackfill } from './measure-backfill.ts'
import { printTable, whole } from './table.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    short: { type: 'boolean', default: false },
    rate: { type: 'string', default: '0' },
  },
})
const events = values.short ? 20_000 : Number(values.events)
if (!Number.isSafeInteger(events) || events < 1) throw new Error('--events wants a whole number.')

const measured = await measureBackfill({
  events,
  aloneMs: values.short ? 3_000 : 20_000,
  settings: { BACKFILL_SUBJECTS_PER_S: values.rate },
  progress: (what) => console.error(`… ${what}`),
})
const { history, alone, during, seconds, live, awarded, wrong } = measured
const row = (name: string, { events: sent, p50, p99, max }: Latencies) => [
  name,
  whole(sent),
  ...[p50, p99, max].map((ms) => `${whole(ms)} ms`),
]
console.log(
  `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores. ${whole(history.events)} past events of ${whole(history.people)} people in ${seconds.toFixed(1)} s: ${whole(history.events / seconds)} events a second, ${whole(history.people / seconds)} people a second.\n`,
)
console.log(
  printTable({
    title: 'backfill: live events from the request to their decision',
    columns: ['', 'live events', 'p50', 'p99', 'max'],
    rows: [row('alone', alone), row('beside the backfill', during)],
    notes: [
      'Ten live events a second over HTTP, one a request, each from the moment at which it was due to be sent until its evaluation can be read. The whole product runs in one process, with its own PostgreSQL and chain, and goes on to sign and anchor what is awarded.',
      `${whole(awarded)} people were awarded, ${whole(live)} of them live; ${whole(wrong)} awards missing, doubled or undue.`,
    ],
  }),
)
if (wrong > 0) process.exitCode = 1
