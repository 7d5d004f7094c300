import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { resolveDidKey } from '#adapters/crypto/did-key.ts'
import { createDocumentLoader, type LoadDocument } from '#adapters/crypto/document-loader.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** `@digitalbazaar/vc` as it is published, with `eddsa-rdfc-2022` and the contexts that are pinned here. */
export interface Peer {
  /** Writes the proof into what it is given. */
  issue(credential: JsonObject): Promise<JsonObject>
  verify(credential: JsonObject): Promise<boolean>
}

export interface PeerKey {
  readonly id: string
  readonly controller: string
  readonly seed: Uint8Array
}

/** Keys are made, and documents of keys found, before the clock starts; the library asks for them at every proof. */
export async function createPeer(key: PeerKey, created: Instant): Promise<Peer> {
  const pair = await Ed25519Multikey.generate(key)
  const load = createDocumentLoader()
  const kept = keyDocuments(key, pair.publicKeyMultibase)
  const documentLoader: LoadDocument = async (url) => {
    const document = kept.get(url)
    return document === undefined ? load(url) : { contextUrl: null, documentUrl: url, document }
  }
  return {
    issue: (credential) => {
      const suite = new DataIntegrityProof({
        signer: pair.signer(),
        date: formatInstant(created),
        cryptosuite,
      })
      return vc.issue({ credential, suite, documentLoader })
    },
    verify: async (credential) => {
      const suite = new DataIntegrityProof({ cryptosuite })
      const { verified } = await vc.verifyCredential({
        credential,
        suite,
        documentLoader,
        // Dates are judged as on the day of the signature, by both sides.
        now: formatInstant(created),
      })
      return verified
    },
  }
}

function keyDocuments(
  { id, controller }: PeerKey,
  publicKeyMultibase: string,
): ReadonlyMap<string, JsonObject> {
  if (readMultikey(publicKeyMultibase) === undefined) throw new Error('The peer made no Ed25519 key.')
  const multikey = 'https://w3id.org/security/multikey/v1'
  const method = { id, type: 'Multikey', controller, publicKeyMultibase }
  const document = resolveDidKey(controller) ?? {
    '@context': ['https://www.w3.org/ns/did/v1', multikey],
    id: controller,
    verificationMethod: [method],
    assertionMethod: [id],
  }
  return new Map<string, JsonObject>([
    [controller, document],
    [id, { '@context': multikey, ...method }],
  ])
}
