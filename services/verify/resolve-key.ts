import { type DidDocument, readDidDocument } from '#engine/credentials/did-document.ts'
import { didOfMethod } from '#engine/credentials/did-web.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite, ResolveMethod } from '#services/ports/credential-suite.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'
import type { FindWitness } from './find-witness.ts'
import { type FindRecorded, recordedKey } from './recorded-issuer.ts'

/** Finds DID documents, each once a verification. did:key is worked out here and asks nobody. */
export type FindDid = (did: string) => Promise<DidDocument | 'not_found' | 'unavailable'>

export function createFindDid(
  suite: CredentialSuite,
  resolver: DidResolver,
  onKept: (did: string) => void = () => undefined,
): FindDid {
  const found = new Map<string, ReturnType<FindDid>>()
  const find: FindDid = async (did) => {
    if (did.startsWith('did:key:')) return readDidDocument(suite.resolveDidKey(did) ?? {}) ?? 'not_found'
    const json = await resolver.resolve(did)
    const published = typeof json === 'string' ? json : readDidOf(did, json)
    if (typeof published !== 'string') return published
    const handedIn = resolver.kept?.(did)
    const kept = handedIn === undefined ? published : readDidOf(did, handedIn)
    if (typeof kept === 'string') return published
    onKept(did)
    return kept
  }
  return (did) => {
    const known = found.get(did) ?? find(did)
    found.set(did, known)
    return known
  }
}

/** A document that names another subject says nothing about this one. */
function readDidOf(did: string, json: JsonObject): DidDocument | 'not_found' {
  const document = readDidDocument(json)
  return document === undefined || document.id !== did ? 'not_found' : document
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
    if (didOfMethod(verificationMethod) !== issuerId) return { kind: 'not-of-issuer' }
    const document = await findDid(issuerId)
    const method =
      typeof document === 'string' ? undefined : document.methods.find(({ id }) => id === verificationMethod)
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
    // Its issuer says that it was stolen: a thief dates a proof as it suits, and a block does not.
    if (method.revoked !== undefined && !forAssertion)
      return { kind: 'found', method, forAssertion, witness: (await witness?.()) ?? { kind: 'none' } }
    return { kind: 'found', method, forAssertion }
  }
