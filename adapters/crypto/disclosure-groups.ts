import { hmac } from '@noble/hashes/hmac'
import { sha256 } from '@noble/hashes/sha2'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { canonicalLabels } from './canonical-labels.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { MAX_STATEMENTS } from './disclosure-value.ts'
import type { DocumentLoader } from './document-loader.ts'
import { toBase64Url } from './multibase.ts'
import { linesOf, relabel, renameTerms } from './relabel-quads.ts'
import { selectByPointers } from './select-by-pointers.ts'

/** A document as lines of canonical N-Quads with labels that say nothing, and which of these each selection takes. */
export type Grouped =
  | {
      readonly ok: true
      readonly lines: readonly string[]
      /** For each group of pointers, in the same order. */
      readonly groups: readonly Group[]
    }
  | {
      readonly ok: false
      readonly code:
        | 'json-ld-refused'
        | 'pointers-refused'
        | 'canonicalisation-too-slow'
        | 'proof-value-malformed'
      readonly detail: string
    }

export interface Group {
  /** The numbers of its lines, ascending. */
  readonly indexes: ReadonlySet<number>
  /** Of each blank node in it: how a verifier, who sees no more than the group, labels it, and our label. */
  readonly labels: ReadonlyMap<string, string>
}

/**
 * Splits what a document says by JSON pointers (vc-di-ecdsa 1.0, section 3.4.16). Each node without an id gets one for
 * the while, so that the lines of a part of the document are told apart from those of the rest.
 */
export async function groupByPointers(
  document: JsonObject,
  hmacKey: Uint8Array,
  groups: readonly (readonly string[])[],
  documentLoader: DocumentLoader,
): Promise<Grouped> {
  const refused = (detail: string): Grouped => ({ ok: false, code: 'json-ld-refused', detail })
  const mark = markNotIn(document)
  const marked = withIds(document, mark)
  const original = await canonicalQuads(document, documentLoader)
  if (!original.ok) return refusedFor(original.fault)
  if (linesOf(original.quads).length > MAX_STATEMENTS) return tooManyStatements
  const all = await blankLines(marked, mark, documentLoader)
  const canonical = all === undefined ? undefined : await canonicalLabels(all.join(''), documentLoader)
  if (canonical?.ok === false) return refusedFor(canonical.fault)
  // Where an id has no place, as in a literal of JSON, the two do not say the same.
  if (all === undefined || canonical === undefined || canonical.quads !== original.quads)
    return refused('The document holds something that cannot be disclosed piece by piece.')

  const labels = new Map(
    [...(canonical.labels ?? [])].map(([ours, label]) => [ours, hmacLabel(hmacKey, label)]),
  )
  const lines = relabel(all, (label) => labels.get(label)) ?? []
  const positions = new Map(lines.map((line, index) => [line, index]))
  const found: Group[] = []
  for (const pointers of groups) {
    const selected = pointers.length === 0 ? undefined : selectByPointers(marked, pointers)
    if (selected === undefined) {
      if (pointers.length > 0)
        return { ok: false, code: 'pointers-refused', detail: 'A pointer leads to nothing in the document.' }
      found.push({ indexes: new Set(), labels: new Map() })
      continue
    }
    const part = await blankLines(selected, mark, documentLoader)
    const theirs = part === undefined ? undefined : await canonicalLabels(part.join(''), documentLoader)
    const ours = part === undefined ? undefined : relabel(part, (label) => labels.get(label))
    if (theirs?.ok === false) return refusedFor(theirs.fault)
    if (theirs === undefined || ours === undefined)
      return refused('A part of the document cannot be read by itself.')
    const indexes = ours.map((line) => positions.get(line)).filter((index) => index !== undefined)
    if (indexes.length < ours.length) return refused('A part of the document says something else by itself.')
    found.push({
      indexes: new Set(indexes.sort((a, b) => a - b)),
      labels: new Map([...(theirs.labels ?? [])].map(([node, label]) => [label, labels.get(node) ?? ''])),
    })
  }
  return { ok: true, lines, groups: found }
}

/** What is wrong with a document that cannot be canonicalised, or was given up. */
export function refusedFor({ code, message }: CredentialFault): Grouped & { readonly ok: false } {
  const isSlow = code === 'canonicalisation-too-slow'
  return { ok: false, code: isSlow ? code : 'json-ld-refused', detail: `The document ${message}.` }
}

/** A proof with a signature for each of so many is none that is read. */
export const tooManyStatements = {
  ok: false,
  code: 'proof-value-malformed',
  detail: `The document makes more than ${MAX_STATEMENTS} statements, too many to be disclosed one by one.`,
} as const

/** How a blank node is labelled: from its canonical label, in a way that nobody without the key can tell. */
const hmacLabel = (key: Uint8Array, canonicalLabel: string): string =>
  `u${toBase64Url(hmac(sha256, key, utf8(canonicalLabel)))}`

/** The N-Quads of a document with ids, with these as blank nodes again. */
async function blankLines(
  marked: JsonObject,
  mark: string,
  documentLoader: DocumentLoader,
): Promise<readonly string[] | undefined> {
  const quads = await canonicalQuads(marked, documentLoader)
  if (!quads.ok) return undefined
  return renameTerms(linesOf(quads.quads), (term) => {
    // A blank node that got no id cannot be followed from one part to another.
    if (term.startsWith('_:')) return undefined
    return term.startsWith(`<${mark}`) ? `_:b${term.slice(mark.length + 1, -1)}` : term
  })
}

/** The beginning of addresses that the document does not have. */
function markNotIn(document: JsonObject): string {
  const text = JSON.stringify(document)
  for (let number = 0; ; number++) {
    const mark = `urn:bnid:${number}:`
    if (!text.includes(mark)) return mark
  }
}

function withIds(document: JsonObject, mark: string): JsonObject {
  let count = 0
  const visit = (value: Json): Json => {
    if (isJsonArray(value)) return value.map(visit)
    if (!isJsonObject(value) || '@value' in value) return value
    const entries = Object.entries(value).map(([name, member]): [string, Json] => [
      name,
      name === '@context' ? member : visit(member),
    ])
    const hasId = 'id' in value || '@id' in value
    return Object.fromEntries(hasId ? entries : [['@id', `${mark}${count++}`], ...entries])
  }
  return visit(document) as JsonObject
}
