import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { answerOf, type TextQuestion, type WatchTexts } from './json-schema.ts'
import { without } from './proof-suites.ts'
import type { KnownShape, Recognised } from './quad-templates.ts'

/** What a schema asked of a text, and what came out. The text is that of a gap, or of a member of the one proof. */
interface Asked extends TextQuestion {
  readonly of: number | string
  readonly answer: boolean
}

/** Undefined where no schema covers the document. */
type SchemaFaults = (document: JsonObject, watch?: WatchTexts) => readonly CredentialFault[] | undefined

const PROOF = '/proof/0/'

export interface KnownSchemaFaults {
  /** `recognised` is of the document without its proof; it is looked for where it is not handed in. */
  (document: JsonObject, recognised?: Recognised): readonly CredentialFault[] | undefined
  /** Whether it is known, without the document at hand, that one without proofs has no fault, or no schema. */
  readonly hasNone: (recognised: Recognised) => boolean
}

/**
 * Schema faults, quick for documents of a known shape, without proofs or with one that holds nothing but texts. The first of
 * these that has no fault is checked in full, and what was asked of its texts is kept. The next one has no fault either if
 * its texts give the same answers; else it is checked in full.
 */
export function createKnownSchemaFaults(
  check: SchemaFaults,
  recognise: (document: JsonObject) => Recognised | undefined,
): KnownSchemaFaults {
  const asked = new WeakMap<KnownShape, Map<string, readonly Asked[]>>()

  const isAnsweredAlike = (
    { known, texts }: Recognised,
    proof: Readonly<Record<string, string>>,
    members: string,
  ): boolean => {
    const answers = asked.get(known)?.get(members)
    if (answers === undefined) return false
    for (const each of answers) {
      const text = (typeof each.of === 'number' ? texts[each.of] : proof[each.of]) ?? ''
      if (answerOf(each, text) !== each.answer) return false
    }
    return true
  }

  const faultsOf = (document: JsonObject, recognised?: Recognised) => {
    const proof = document['proof'] === undefined ? {} : textsOf(document['proof'])
    if (proof === undefined) return check(document)
    const found =
      recognised ?? recognise(document['proof'] === undefined ? document : without(document, 'proof'))
    if (found === undefined) return check(document)
    const { known } = found
    const members = Object.keys(proof).join(' ')
    if (isAnsweredAlike(found, proof, members)) return []

    const now: Asked[] = []
    const gapAt = new Map(known.gaps.map(({ path }, gap) => [path, gap]))
    const faults = check(document, (path, question, answer) => {
      const of = path.startsWith(PROOF) ? path.slice(PROOF.length) : gapAt.get(path)
      if (of !== undefined) now.push({ ...question, of, answer })
    })
    const answers = asked.get(known) ?? new Map<string, readonly Asked[]>()
    if (faults?.length === 0 && answers.size < MOST_PROOFS)
      asked.set(known, answers.set(members, uniqueOf(now)))
    return faults
  }

  return Object.assign(faultsOf, {
    hasNone: (recognised: Recognised) => isAnsweredAlike(recognised, {}, ''),
  })
}

/** How many kinds of proof are told apart; more than a few is somebody who plays. */
const MOST_PROOFS = 4

/** The members of the one proof in a list of one. Undefined where there are more, or where one is not a text. */
function textsOf(proof: JsonObject[string]): Readonly<Record<string, string>> | undefined {
  const [only, second] = isJsonArray(proof) ? proof : []
  if (!isJsonObject(only) || second !== undefined) return undefined
  return Object.values(only).every((value) => typeof value === 'string')
    ? (only as Readonly<Record<string, string>>)
    : undefined
}

/** Several parts of a schema ask the same. */
const uniqueOf = (asked: readonly Asked[]): readonly Asked[] => [
  ...new Map(
    asked.map((each) => [`${each.of} ${each.keyword} ${JSON.stringify(each.operand)}`, each]),
  ).values(),
]
