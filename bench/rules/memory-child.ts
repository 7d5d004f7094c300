/**
 * Measures, in a process of its own, what kept states take. Started by `memory.ts` with `--expose-gc`, the catalogue,
 * the numbers of rules, events and people, and `hot` or `alike`. Prints one line of JSON.
 */
import type { LeafState } from '#engine/state/leaf-state.ts'
import { CALL, statesOf } from './awards.ts'
import { type CatalogueKind, catalogueOfRules } from './catalogue.ts'
import { compileBenchRules } from './compile-bench-rules.ts'
import { historyOf } from './history.ts'
import type { MemoryFound } from './memory.ts'
import { createStateKeeper } from './state-keeper.ts'

/** A heap is never quite at rest: of several at once, the error is as much smaller. */
const COPIES = 10

const [kind, rules, events, people, crowd] = process.argv.slice(2)
const count = Number(rules)
const history = historyOf({
  rules: count,
  events: Number(events),
  people: Number(people),
  hot: crowd === 'hot',
})
const ruleSet = compileBenchRules(catalogueOfRules(kind as CatalogueKind, count))
const keeper = createStateKeeper(ruleSet)
for (let from = 0; from < history.length; from += CALL) keeper.take(history.slice(from, from + CALL))

const states = statesOf(keeper)
const found: MemoryFound = {
  states,
  packed: growth(packedStates) / states,
  plain: growth(plainStates) / states,
}
console.log(JSON.stringify(found))

/** All states once more, in a map and texts of their own. */
function packedStates(): unknown {
  return new Map([...keeper.states].map(([subjectId, text]) => [copyOf(subjectId), copyOf(text)]))
}

/** The same as objects, in a map a subject. The leaves' hashes belong to the rules. */
function plainStates(): unknown {
  return new Map(
    [...keeper.states].map(([subjectId, text]) => {
      const byLeaf = new Map<string, LeafState>()
      keeper.forEachState(text, (leafHash, state) => {
        byLeaf.set(leafHash, JSON.parse(JSON.stringify(state)))
      })
      return [copyOf(subjectId), byLeaf]
    }),
  )
}

/** A text that shares no memory with the one given. */
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}

/** By how many bytes the heap is larger while what was made is alive. */
function growth(make: () => unknown): number {
  const before = settledHeap()
  const made = Array.from({ length: COPIES }, make)
  const after = settledHeap()
  // Still needed here, so it was still there when it was measured.
  if (made === undefined) throw new Error('Nothing was made.')
  return (after - before) / COPIES
}

function settledHeap(): number {
  if (gc === undefined) throw new Error('Start this with --expose-gc.')
  for (let round = 0; round < 4; round++) gc()
  return process.memoryUsage().heapUsed
}
