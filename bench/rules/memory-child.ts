/**
 * Measures, in a process of its own, what kept states take. Started by `memory.ts` with `--expose-gc`, the catalogue,
 * the numbers of rules, events and people, and `hot` or `alike`. Prints one line of JSON.
 */
import type { LeafState } from '#engine/state/leaf-state.ts'
import { unpackState } from '#engine/state/packed-state.ts'
import { CALL } from './awards.ts'
import { type CatalogueKind, catalogueOfRules } from './catalogue.ts'
import { compileBenchRules } from './compile-bench-rules.ts'
import { historyOf } from './history.ts'
import type { MemoryFound } from './memory.ts'
import { createStateKeeper, forEachState } from './state-keeper.ts'

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

const states = [...keeper.states.values()].reduce((sum, { length }) => sum + length / 2, 0)
const found: MemoryFound = {
  states,
  packed: growth(packedStates) / states,
  plain: growth(plainStates) / states,
}
console.log(JSON.stringify(found))

/** All states once more, in a map, lists and texts of their own. The leaves' hashes belong to the rules. */
function packedStates(): unknown {
  return new Map(
    [...keeper.states].map(([subjectId, ofSubject]) => [
      copyOf(subjectId),
      ofSubject.map((text, place) => (place % 2 === 0 ? text : copyOf(text))),
    ]),
  )
}

/** The same as objects, in a map a subject. */
function plainStates(): unknown {
  return new Map(
    [...keeper.states].map(([subjectId, ofSubject]) => {
      const byLeaf = new Map<string, LeafState>()
      forEachState(ofSubject, (leafHash, packed) => {
        byLeaf.set(leafHash, JSON.parse(JSON.stringify(unpackState(packed, keeper.known(leafHash)))))
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
  const made = make()
  const after = settledHeap()
  // Still needed here, so it was still there when it was measured.
  if (made === undefined) throw new Error('Nothing was made.')
  return after - before
}

function settledHeap(): number {
  if (gc === undefined) throw new Error('Start this with --expose-gc.')
  for (let round = 0; round < 4; round++) gc()
  return process.memoryUsage().heapUsed
}
