import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'

/** One issuing key over its life. A retired key signs no more, but what it signed stays valid; a compromised one does not. */
export interface IssuingKeyEntry {
  readonly publicKeyMultibase: string
  readonly state: IssuingKeyState
}

export type IssuingKeyState =
  | { readonly kind: 'active' }
  | { readonly kind: 'retired' }
  | { readonly kind: 'compromised'; readonly since: Instant }

/** The id of an issuing key: its DID and, as fragment, the key itself, so that validators need not fetch it. */
export const verificationMethodId = (did: string, publicKeyMultibase: string): string =>
  `${did}#${publicKeyMultibase}`

/**
 * Builds the `did.json` of an issuer.
 * Active and retired keys stand under `assertionMethod`, or other verifiers would refuse older badges after a
 * rotation; a compromised key only keeps its entry, with the time from which it is `revoked`.
 * The anchoring accounts stand beside them (CAIP-10), which binds the DID to the chain.
 */
export function buildDidDocument(issuer: {
  readonly did: string
  /** Active first. */
  readonly issuingKeys: readonly IssuingKeyEntry[]
  /** All accounts that ever anchored for the issuer. */
  readonly anchoring?: readonly { readonly chainId: number; readonly address: string }[]
  /** The issuer's page. */
  readonly alsoKnownAs?: readonly string[]
}): JsonObject {
  const { did, issuingKeys, anchoring = [], alsoKnownAs = [] } = issuer
  const methods: JsonObject[] = issuingKeys.map(({ publicKeyMultibase, state }) => ({
    id: verificationMethodId(did, publicKeyMultibase),
    type: 'Multikey',
    controller: did,
    publicKeyMultibase,
    ...(state.kind === 'compromised' ? { revoked: formatInstant(state.since) } : {}),
  }))
  for (const [at, { chainId, address }] of anchoring.entries()) {
    methods.push({
      id: `${did}#anchoring${at === 0 ? '' : `-${at + 1}`}`,
      type: 'EcdsaSecp256k1RecoveryMethod2020',
      controller: did,
      blockchainAccountId: blockchainAccount(chainId, address),
    })
  }
  const trusted = issuingKeys
    .filter(({ state }) => state.kind !== 'compromised')
    .map(({ publicKeyMultibase }) => verificationMethodId(did, publicKeyMultibase))
  return {
    '@context': [
      'https://www.w3.org/ns/did/v1',
      'https://w3id.org/security/multikey/v1',
      'https://w3id.org/security/suites/secp256k1recovery-2020/v2',
    ],
    id: did,
    ...(alsoKnownAs.length === 0 ? {} : { alsoKnownAs }),
    verificationMethod: methods,
    assertionMethod: trusted,
  }
}

/** A CAIP-10 account of an EVM chain. */
export const blockchainAccount = (chainId: number, address: string): string => `eip155:${chainId}:${address}`

/** A key of a resolved DID, as far as a verifier needs it. */
export interface VerificationMethod {
  readonly id: string
  readonly type: string
  readonly controller: string
  readonly publicKeyMultibase?: string
  readonly publicKeyJwk?: JsonObject
  readonly blockchainAccountId?: string
  /** From when on what it signs counts for nothing. */
  readonly revoked?: string
  readonly expires?: string
}

export interface DidDocument {
  readonly id: string
  readonly methods: readonly VerificationMethod[]
  /** The ids of the keys that may sign credentials. */
  readonly assertionMethod: readonly string[]
  /** The ids of the keys that may sign presentations. */
  readonly authentication: readonly string[]
}

/**
 * Reads what a resolver brought; undefined when it is no DID document.
 * Relative ids (`#key`) are completed; methods embedded in a relationship count as methods; what it cannot read, it leaves out.
 */
export function readDidDocument(json: JsonObject): DidDocument | undefined {
  const { id } = json
  if (typeof id !== 'string') return undefined
  const methods: VerificationMethod[] = []
  for (const entry of listOf(json['verificationMethod'])) {
    const method = readMethod(entry, id)
    if (method !== undefined) methods.push(method)
  }
  const relationship = (name: 'assertionMethod' | 'authentication'): readonly string[] =>
    listOf(json[name]).flatMap((entry) => {
      if (typeof entry === 'string') return [absolute(entry, id)]
      const method = readMethod(entry, id)
      if (method === undefined) return []
      methods.push(method)
      return [method.id]
    })
  const assertionMethod = relationship('assertionMethod')
  return { id, methods, assertionMethod, authentication: relationship('authentication') }
}

function readMethod(entry: Json, did: string): VerificationMethod | undefined {
  if (!isJsonObject(entry)) return undefined
  const { id, type, controller, publicKeyMultibase, publicKeyJwk, blockchainAccountId, revoked, expires } =
    entry
  if (typeof id !== 'string' || typeof type !== 'string') return undefined
  return {
    id: absolute(id, did),
    type,
    controller: typeof controller === 'string' ? controller : did,
    ...(typeof publicKeyMultibase === 'string' ? { publicKeyMultibase } : {}),
    ...(isJsonObject(publicKeyJwk) ? { publicKeyJwk } : {}),
    ...(typeof blockchainAccountId === 'string' ? { blockchainAccountId } : {}),
    ...(typeof revoked === 'string' ? { revoked } : {}),
    ...(typeof expires === 'string' ? { expires } : {}),
  }
}

const absolute = (id: string, did: string): string => (id.startsWith('#') ? `${did}${id}` : id)
