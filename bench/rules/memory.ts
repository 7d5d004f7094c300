import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Benchmark } from '../benchmark.ts'
import { whole } from '../table.ts'
import { scaleOf } from './scale.ts'

/** Bytes a state, on average. */
export interface MemoryFound {
  readonly states: number
  readonly packed: number
  readonly plain: number
}

const CASES = [
  { kind: 'sparse', title: 'sparse', crowd: 'alike', people: 'alike' },
  { kind: 'sparse', title: 'sparse', crowd: 'hot', people: '1 % do half' },
  { kind: 'levels', title: 'dense', crowd: 'alike', people: 'alike' },
  { kind: 'levels', title: 'dense', crowd: 'hot', people: '1 % do half' },
] as const

/** What a live (leaf, subject) state takes in memory. */
export const memoryBenchmark: Benchmark = {
  name: 'memory',
  about: 'bytes of memory a live state takes between calls',
  run: async (pace) => {
    const { rules, events, people } = scaleOf(pace)
    const most = Math.max(...rules)
    const rows: string[][] = []
    for (const { kind, title, crowd, people: who } of CASES) {
      pace.progress(`${title}, ${who}`)
      const { states, packed, plain } = await inChild([
        kind,
        String(most),
        String(events),
        String(people),
        crowd,
      ])
      const cells = [packed, plain].map((bytes) => whole(bytes))
      rows.push([title, who, whole(most), whole(states), `**${cells[0]}**`, `${cells[1]}`])
    }
    return [
      {
        title: 'memory: bytes a live state takes',
        columns: ['catalogue', 'people', 'rules', 'states', 'packed, as kept', 'as objects'],
        rows,
        notes: [
          'By how much the heap has grown after a forced collection, in a process of its own, divided by the number of (leaf, subject) states left after the run of the table above: each packed, with the leaf’s number in the rule set, the leaf’s listed values and the sources by number, and all of one subject in one text under its id. The id and the map that holds them are counted.',
          'As objects: the same states as `evaluate()` sees them, in a map a subject.',
        ],
      },
    ]
  },
}

async function inChild(words: readonly string[]): Promise<MemoryFound> {
  const child = join(import.meta.dirname, 'memory-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, ...words])
  return JSON.parse(stdout) as MemoryFound
}
