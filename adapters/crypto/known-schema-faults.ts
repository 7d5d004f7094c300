import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { answerOf, type TextQuestion, type WatchTexts } from './json-schema.ts'
import type { Fit, KnownShape } from './quad-templates.ts'

/** What a schema asked of the text in one gap, and what came out. */
interface Asked extends TextQuestion {
  readonly gap: number
  readonly answer: boolean
}

/** Undefined where no schema covers the document. */
type SchemaFaults = (document: JsonObject, watch?: WatchTexts) => readonly CredentialFault[] | undefined

/**
 * Schema faults, quick for documents of a known shape. The first one of a shape that has no fault is checked in full, and
 * what was asked of its texts is kept. The next one has no fault either if its texts give the same answers; else it is
 * checked in full.
 */
export function createKnownSchemaFaults(check: SchemaFaults) {
  const asked = new WeakMap<KnownShape, readonly Asked[]>()

  return (document: JsonObject, fit: Fit | undefined): readonly CredentialFault[] | undefined => {
    if (fit === undefined) return check(document)
    const { known, texts } = fit
    if (asked.get(known)?.every((each) => answerOf(each, texts[each.gap] ?? '') === each.answer)) return []
    const now: Asked[] = []
    const gapAt = new Map(known.gaps.map(({ path }, gap) => [path, gap]))
    const faults = check(document, (path, question, answer) => {
      const gap = gapAt.get(path)
      if (gap !== undefined) now.push({ ...question, gap, answer })
    })
    if (faults?.length === 0) asked.set(known, uniqueOf(now))
    return faults
  }
}

/** Several parts of a schema ask the same. */
const uniqueOf = (asked: readonly Asked[]): readonly Asked[] => [
  ...new Map(
    asked.map((each) => [`${each.gap} ${each.keyword} ${JSON.stringify(each.operand)}`, each]),
  ).values(),
]
