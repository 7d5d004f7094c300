import { p256 } from '@noble/curves/nist'
import { sha256 } from '@noble/hashes/sha2'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { groupByPointers, refusedFor, tooManyStatements } from './disclosure-groups.ts'
import {
  type BaseValue,
  type DerivedValue,
  MAX_STATEMENTS,
  readProofKey,
  writeBase,
  writeDerived,
} from './disclosure-value.ts'
import type { DocumentLoader } from './document-loader.ts'
import { nextTurn } from './next-turn.ts'
import { isSignedBy, type PublicKey, toMultikeyBytes } from './public-key.ts'
import { linesOf, relabel } from './relabel-quads.ts'
import { selectByPointers } from './select-by-pointers.ts'
import { areAllSignedBy } from './statement-signatures.ts'

/** ecdsa-sd-2023 (vc-di-ecdsa 1.0, section 3.6): each statement has a signature of its own, and may be left out. */

/** So many take some milliseconds. */
const SIGNATURES_A_TURN = 16

/** Chance that a base proof takes in; handed in by tests alone. */
export interface DisclosureChance {
  readonly hmacKey: Uint8Array
  readonly proofSecret: Uint8Array
}

export interface DisclosureFault {
  readonly ok: false
  readonly code:
    | 'json-ld-refused'
    | 'pointers-refused'
    | 'canonicalisation-too-slow'
    | 'proof-signature-wrong'
    | 'proof-value-malformed'
  readonly detail: string
}

interface Signed {
  /** Without proofs. */
  readonly document: JsonObject
  /** The canonical options of the proof. */
  readonly proofQuads: string
  readonly documentLoader: DocumentLoader
}

/** Signs every statement: the mandatory ones together, each of the others under a key of this one proof. */
export async function makeBaseValue(
  { document, proofQuads, documentLoader }: Signed,
  mandatoryPointers: readonly string[],
  sign: (message: Uint8Array) => Promise<Uint8Array>,
  chance: DisclosureChance = freshChance(),
): Promise<{ readonly ok: true; readonly value: string } | DisclosureFault> {
  const grouped = await groupByPointers(document, chance.hmacKey, [mandatoryPointers], documentLoader)
  if (!grouped.ok) return grouped
  const mandatory = grouped.groups[0]?.indexes ?? new Set()
  const publicKey = toMultikeyBytes({ curve: 'P-256', bytes: p256.getPublicKey(chance.proofSecret, true) })
  const signatures: Uint8Array[] = []
  for (const line of grouped.lines.filter((_, index) => !mandatory.has(index))) {
    signatures.push(p256.sign(utf8(line), chance.proofSecret, { prehash: true }).toBytes('compact'))
    if (signatures.length % SIGNATURES_A_TURN === 0) await nextTurn()
  }
  const baseSignature = await sign(baseMessage(proofQuads, publicKey, linesAt(grouped.lines, mandatory)))
  const { hmacKey } = chance
  return {
    ok: true,
    value: writeBase({ kind: 'base', baseSignature, publicKey, hmacKey, signatures, mandatoryPointers }),
  }
}

const freshChance = (): DisclosureChance => ({
  hmacKey: crypto.getRandomValues(new Uint8Array(32)),
  proofSecret: p256.utils.randomSecretKey(),
})

/** The part of a document that its holder shows: what is mandatory and what the pointers lead to, with its proof value. */
export async function deriveValue(
  document: JsonObject,
  base: BaseValue,
  pointers: readonly string[],
  documentLoader: DocumentLoader,
): Promise<{ readonly ok: true; readonly revealed: JsonObject; readonly value: string } | DisclosureFault> {
  const all = [...base.mandatoryPointers, ...pointers]
  const revealed = all.length === 0 ? undefined : selectByPointers(document, all)
  const parts = [base.mandatoryPointers, pointers, all]
  const grouped = await groupByPointers(document, base.hmacKey, parts, documentLoader)
  if (!grouped.ok) return grouped
  const [mandatory, selective, combined] = grouped.groups
  if (revealed === undefined || mandatory === undefined || selective === undefined || combined === undefined)
    return { ok: false, code: 'pointers-refused', detail: 'Nothing is left to be shown.' }

  const optional = grouped.lines.map((_, index) => index).filter((index) => !mandatory.indexes.has(index))
  if (optional.length !== base.signatures.length) return misfit
  const shown = [...combined.indexes]
  return {
    ok: true,
    revealed,
    value: writeDerived({
      kind: 'derived',
      baseSignature: base.baseSignature,
      publicKey: base.publicKey,
      signatures: base.signatures.filter((_, at) => selective.indexes.has(optional[at] ?? -1)),
      labels: combined.labels,
      mandatoryIndexes: shown.flatMap((index, at) => (mandatory.indexes.has(index) ? [at] : [])),
    }),
  }
}

/** Whether every statement of the document is signed, by whoever the key belongs to. */
export async function checkDisclosure(
  signed: Signed,
  value: BaseValue | DerivedValue,
  key: PublicKey,
): Promise<{ readonly ok: true } | DisclosureFault> {
  const split = await (value.kind === 'base' ? splitBase(signed, value) : splitDerived(signed, value))
  if (!split.ok) return split
  const { mandatory, optional } = split
  if (optional.length !== value.signatures.length) return misfit
  // The issuer's own signature first: without it the others are not worth the time.
  const message = baseMessage(signed.proofQuads, value.publicKey, mandatory)
  if (!(await isSignedBy(key, value.baseSignature, message))) return misfit
  const proofKey = readProofKey(value.publicKey)
  if (proofKey === undefined) return malformed('The key of the proof is none.')
  return (await areAllSignedBy(proofKey, value.signatures, optional.map(utf8))) ? { ok: true } : misfit
}

type Split =
  | { readonly ok: true; readonly mandatory: readonly string[]; readonly optional: readonly string[] }
  | DisclosureFault

async function splitBase({ document, documentLoader }: Signed, value: BaseValue): Promise<Split> {
  const grouped = await groupByPointers(document, value.hmacKey, [value.mandatoryPointers], documentLoader)
  if (!grouped.ok) return grouped
  return splitAt(grouped.lines, grouped.groups[0]?.indexes ?? new Set())
}

async function splitDerived({ document, documentLoader }: Signed, value: DerivedValue): Promise<Split> {
  const canonical = await canonicalQuads(document, documentLoader)
  if (!canonical.ok) return refusedFor(canonical.fault)
  const said = linesOf(canonical.quads)
  if (said.length > MAX_STATEMENTS) return tooManyStatements
  const lines = relabel(said, (label) => value.labels.get(label))
  if (lines === undefined) return malformed('The proof does not label every node of the document.')
  const indexes = new Set(value.mandatoryIndexes)
  if (indexes.size < value.mandatoryIndexes.length || [...indexes].some((index) => index >= lines.length))
    return malformed('The proof counts statements that are not there.')
  return splitAt(lines, indexes)
}

const splitAt = (lines: readonly string[], mandatory: ReadonlySet<number>): Split => ({
  ok: true,
  mandatory: linesAt(lines, mandatory),
  optional: lines.filter((_, index) => !mandatory.has(index)),
})

const linesAt = (lines: readonly string[], indexes: ReadonlySet<number>): readonly string[] =>
  lines.filter((_, index) => indexes.has(index))

/** What the issuer signs: the options of the proof, the key of the proof, and the mandatory statements. */
const baseMessage = (proofQuads: string, publicKey: Uint8Array, mandatory: readonly string[]): Uint8Array =>
  concat(sha256(utf8(proofQuads)), publicKey, sha256(utf8(mandatory.join(''))))

const misfit: DisclosureFault = {
  ok: false,
  code: 'proof-signature-wrong',
  detail: 'The signatures do not fit the document: something in it was changed.',
}

const malformed = (detail: string): DisclosureFault => ({ ok: false, code: 'proof-value-malformed', detail })
