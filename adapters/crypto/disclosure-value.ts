import { concat } from '#engine/shared/bytes.ts'
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts'
import { fromBase64Url, toBase64Url } from './multibase.ts'
import { type PublicKey, readMultikeyBytes } from './public-key.ts'

/** What the issuer hands to the holder (vc-di-ecdsa 1.0, section 3.5.2). */
export interface BaseValue {
  readonly kind: 'base'
  readonly baseSignature: Uint8Array
  /** The key of this one proof, as the bytes of a multikey. */
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  /** Of each statement that may be left out. */
  readonly signatures: readonly Uint8Array[]
  readonly mandatoryPointers: readonly string[]
}

/** What the holder hands to a verifier (section 3.5.7). */
export interface DerivedValue {
  readonly kind: 'derived'
  readonly baseSignature: Uint8Array
  readonly publicKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  /** From canonical labels (`c14n0`) to those under the signatures. */
  readonly labels: ReadonlyMap<string, string>
  readonly mandatoryIndexes: readonly number[]
}

const BASE_HEADER = Uint8Array.of(0xd9, 0x5d, 0x00)
const DERIVED_HEADER = Uint8Array.of(0xd9, 0x5d, 0x01)

const SIGNATURE_BYTES = 64
const HMAC_BYTES = 32

/** Statements of a document that is disclosed piece by piece: a large badge has some hundreds, and each takes a signature. */
export const MAX_STATEMENTS = 1000

export const writeBase = (value: BaseValue): string =>
  write(BASE_HEADER, [
    value.baseSignature,
    value.publicKey,
    value.hmacKey,
    value.signatures,
    value.mandatoryPointers,
  ])

export const writeDerived = (value: DerivedValue): string => {
  const labels = new Map(
    [...value.labels].map(([label, signed]): [number, Uint8Array] => [
      Number(label.slice('c14n'.length)),
      fromBase64Url(signed.slice(1)) ?? new Uint8Array(),
    ]),
  )
  return write(DERIVED_HEADER, [
    value.baseSignature,
    value.publicKey,
    value.signatures,
    labels,
    value.mandatoryIndexes,
  ])
}

const write = (header: Uint8Array, parts: readonly Cbor[]): string =>
  `u${toBase64Url(concat(header, encodeCbor(parts)))}`

/** Reads the bytes of a proof value of either kind; undefined for anything that is not written exactly as one. */
export function readDisclosureValue(bytes: Uint8Array): BaseValue | DerivedValue | undefined {
  const isBase = BASE_HEADER.every((byte, at) => bytes[at] === byte)
  const isDerived = DERIVED_HEADER.every((byte, at) => bytes[at] === byte)
  const parts = isBase || isDerived ? decodeCbor(bytes.slice(BASE_HEADER.length)) : undefined
  if (!Array.isArray(parts) || parts.length !== 5) return undefined
  return isBase ? readBase(parts) : readDerived(parts)
}

function readBase([baseSignature, publicKey, hmacKey, signatures, pointers]: readonly Cbor[]) {
  if (!isSignature(baseSignature) || !isKey(publicKey) || !isBytes(hmacKey, HMAC_BYTES)) return undefined
  if (!isListOf(signatures, isSignature) || !isListOf(pointers, isText)) return undefined
  return { kind: 'base' as const, baseSignature, publicKey, hmacKey, signatures, mandatoryPointers: pointers }
}

function readDerived([baseSignature, publicKey, signatures, labels, indexes]: readonly Cbor[]) {
  if (!isSignature(baseSignature) || !isKey(publicKey)) return undefined
  if (!isListOf(signatures, isSignature) || !isListOf(indexes, isNumber)) return undefined
  const read = labels instanceof Map ? readLabels(labels) : undefined
  if (read === undefined) return undefined
  return {
    kind: 'derived' as const,
    baseSignature,
    publicKey,
    signatures,
    labels: read,
    mandatoryIndexes: indexes,
  }
}

/** Two nodes under one label would be taken for one. */
function readLabels(labels: ReadonlyMap<Cbor, Cbor>): ReadonlyMap<string, string> | undefined {
  if (labels.size > MAX_STATEMENTS) return undefined
  const read = new Map<string, string>()
  for (const [number, bytes] of labels) {
    if (!isNumber(number) || !isBytes(bytes, HMAC_BYTES)) return undefined
    read.set(`c14n${number}`, `u${toBase64Url(bytes)}`)
  }
  return new Set(read.values()).size === read.size ? read : undefined
}

/** The key of one proof, which is on P-256. */
export function readProofKey(bytes: Uint8Array): PublicKey | undefined {
  const key = readMultikeyBytes(bytes)
  return key?.curve === 'P-256' ? key : undefined
}

const isBytes = (value: Cbor | undefined, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length

const isSignature = (value: Cbor | undefined): value is Uint8Array => isBytes(value, SIGNATURE_BYTES)

const isKey = (value: Cbor | undefined): value is Uint8Array =>
  value instanceof Uint8Array && readProofKey(value) !== undefined

const isText = (value: Cbor | undefined): value is string => typeof value === 'string'

const isNumber = (value: Cbor | undefined): value is number => typeof value === 'number'

const isListOf = <T extends Cbor>(
  value: Cbor | undefined,
  isItem: (item: Cbor | undefined) => item is T,
): value is readonly T[] =>
  Array.isArray(value) && value.length <= MAX_STATEMENTS && value.every((item) => isItem(item))
