import {
  type DidDocument,
  readDidDocument,
  type VerificationMethod,
} from '#engine/credentials/did-document.ts'
import { didOfMethod, isOnHostOf, liesDirectlyUnder } from '#engine/credentials/did-web.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite, MethodFinding, ResolveMethod } from '#services/ports/credential-suite.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'
import type { FindWitness } from './find-witness.ts'
import { type FindRecorded, recordedKey } from './recorded-issuer.ts'

/** Finds DID documents, each once a verification. did:key and did:jwk are worked out here and ask nobody. */
export type FindDid = ((did: string) => Promise<DidDocument | 'not_found' | 'unavailable'>) & {
  /** Whether whoever runs the verifier named the document of this controller. */
  readonly isConfigured?: (id: string) => boolean
}

export function createFindDid(
  suite: CredentialSuite,
  resolver: DidResolver,
  onKept: (did: string) => void = () => undefined,
): FindDid {
  const found = new Map<string, ReturnType<FindDid>>()
  const find: FindDid = async (did) => {
    if (/^did:(?:key|jwk):/.test(did)) return readDidDocument(suite.resolveByText(did) ?? {}) ?? 'not_found'
    const configured = resolver.controllers?.get(did)
    if (configured !== undefined) return readDidOf(did, configured)
    const json = await resolver.resolve(did)
    const published = typeof json === 'string' ? json : readDidOf(did, json)
    if (typeof published !== 'string') return published
    const handedIn = resolver.kept?.(did)
    const kept = handedIn === undefined ? published : readDidOf(did, handedIn)
    if (typeof kept === 'string') return published
    onKept(did)
    return kept
  }
  const findOnce = (did: string) => {
    const known = found.get(did) ?? find(did)
    found.set(did, known)
    return known
  }
  return Object.assign(findOnce, { isConfigured: (id: string) => resolver.controllers?.has(id) === true })
}

/** A document that names another subject says nothing about this one. */
function readDidOf(did: string, json: JsonObject): DidDocument | 'not_found' {
  if (typeof json['kty'] === 'string') return did.startsWith('did:') ? 'not_found' : bareKey(did, json)
  const document = readDidDocument(json)
  return document === undefined || document.id !== did ? 'not_found' : document
}

/** The JWK that alone stands at an address (Open Badges 3.0, section 8.2.3: `kid` may be the address of one). */
function bareKey(id: string, publicKeyJwk: JsonObject): DidDocument {
  const method = { id, type: 'JsonWebKey', controller: id, publicKeyJwk }
  return { id, methods: [method], assertionMethod: [id], authentication: [] }
}

/** What a chain records of the issuer, and whether this verifier knows it by its number there. */
export interface RecordedKeys {
  readonly find: FindRecorded
  readonly isKnown: (issuerId: Hex) => Promise<boolean>
}

/**
 * Takes keys from the DID of the issuer and from nowhere else: not from the document, and not from another DID that
 * the document names. Where the DID document cannot be read, the chain's record of the same DID stands in for it; where
 * it can be read and does not have the key, that record counts only if the issuer is known by its number on chain, as a
 * domain that was sold says nothing of what its former owner signed.
 */
export const keysOf =
  (
    issuerId: string,
    findDid: FindDid,
    {
      recorded,
      witness,
    }: { readonly recorded?: RecordedKeys | undefined; readonly witness?: FindWitness | undefined } = {},
  ): ResolveMethod =>
  async (verificationMethod) => {
    if (didOfMethod(verificationMethod) !== issuerId) {
      const isAddress = !verificationMethod.includes('#') && isOnHostOf(verificationMethod, issuerId)
      return (isAddress ? keyAtAddress : keyOfOther)(verificationMethod, { issuerId, findDid })
    }
    const document = await findDid(issuerId)
    const method = typeof document === 'string' ? undefined : methodNamed(document, verificationMethod)
    if (typeof document === 'string' || method === undefined) {
      const record = await recorded?.find()
      const counts =
        record !== undefined && (typeof document === 'string' || (await recorded?.isKnown(record.issuerId)))
      if (record !== undefined && counts === true) return recordedKey(record, issuerId, verificationMethod)
    }
    if (document === 'unavailable') return { kind: 'unavailable' }
    if (document === 'not_found') return { kind: 'not-found' }
    if (method === undefined) return { kind: 'not-found' }
    if (method.controller !== issuerId) return { kind: 'not-of-issuer' }
    const forAssertion = document.assertionMethod.includes(method.id)
    const forAuthentication = document.authentication.includes(method.id)
    const finding = { kind: 'found', method, forAssertion, forAuthentication } as const
    // Its issuer says that it was stolen: a thief dates a proof as it suits, and a block does not.
    return method.revoked !== undefined && !forAssertion && !forAuthentication
      ? { ...finding, witness: (await witness?.()) ?? { kind: 'none' } }
      : finding
  }

/**
 * A key at an address of its own on the issuer's host. Many may publish there, so it counts where the issuer's document names
 * it; only where an https issuer has no document with keys, an address directly under its own speaks for it.
 */
async function keyAtAddress(
  address: string,
  { issuerId, findDid }: { readonly issuerId: string; readonly findDid: FindDid },
): Promise<MethodFinding> {
  const issuer = await findDid(issuerId)
  if (issuer === 'unavailable') return { kind: 'unavailable' }
  const { methods, assertionMethod, authentication } = issuer === 'not_found' ? NO_KEYS : issuer
  const listed = methods.find(({ id }) => id === address)
  const [forAssertion, forAuthentication] = [
    assertionMethod.includes(address),
    authentication.includes(address),
  ]
  if (listed !== undefined)
    return listed.controller === issuerId
      ? { kind: 'found', method: listed, forAssertion, forAuthentication }
      : { kind: 'not-of-issuer' }
  const isNamed = forAssertion || forAuthentication
  const namesKeys = methods.length + assertionMethod.length + authentication.length > 0
  if (!isNamed && (namesKeys || !liesDirectlyUnder(address, issuerId))) return { kind: 'not-of-issuer' }
  const document = await findDid(address)
  if (document === 'unavailable') return { kind: 'unavailable' }
  const method = document === 'not_found' ? undefined : methodNamed(document, address)
  if (method === undefined) return { kind: 'not-found' }
  if (method.controller !== address) return { kind: 'not-of-issuer' }
  return { kind: 'found', method, forAssertion: forAssertion || !isNamed, forAuthentication }
}

const NO_KEYS: Omit<DidDocument, 'id'> = { methods: [], assertionMethod: [], authentication: [] }

/**
 * A key that is worked out from the text of another DID. It counts as the issuer's where whoever runs the verifier named a
 * document of the issuer with that key in it, as for an address that stands for a did:key.
 */
async function keyOfOther(
  verificationMethod: string,
  { issuerId, findDid }: { readonly issuerId: string; readonly findDid: FindDid },
): Promise<MethodFinding> {
  const owner = didOfMethod(verificationMethod)
  const isText = /^did:(?:key|jwk):/.test(owner)
  const issuer = isText && findDid.isConfigured?.(issuerId) === true ? await findDid(issuerId) : 'not_found'
  const isNamed = typeof issuer !== 'string' && issuer.assertionMethod.includes(verificationMethod)
  if (!isNamed) return { kind: 'not-of-issuer' }
  const document = await findDid(owner)
  const method = typeof document === 'string' ? undefined : methodNamed(document, verificationMethod)
  if (method === undefined) return { kind: 'not-found' }
  return { kind: 'found', method, forAssertion: true }
}

/**
 * A method by its id, or by the `kid` of its JWK, which is how tokens name keys. An empty fragment, as of a token that names
 * its signer in the place of a key, names a key only where the signer has no other.
 */
function methodNamed(
  { id: owner, methods }: DidDocument,
  verificationMethod: string,
): VerificationMethod | undefined {
  const keys = methods.filter(({ publicKeyJwk, publicKeyMultibase }) => publicKeyJwk ?? publicKeyMultibase)
  if (verificationMethod === `${owner}#`) return keys.length === 1 ? keys[0] : undefined
  const kid = verificationMethod.slice(owner.length + 1)
  const byKid = keys.filter(({ publicKeyJwk }) => publicKeyJwk?.['kid'] === kid)
  return methods.find(({ id }) => id === verificationMethod) ?? (byKid.length === 1 ? byKid[0] : undefined)
}
