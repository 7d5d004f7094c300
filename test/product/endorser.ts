import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { generateIssuingKey } from '#adapters/crypto/issuing-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** Somebody with a key of their own, outside the product. */
export interface Endorser {
  readonly did: string
  /** The document with an `eddsa-rdfc-2022` proof by this key. */
  readonly sign: (unsigned: JsonObject) => Promise<JsonObject>
}

const suite = createCredentialSuite()

export function createEndorser(): Endorser {
  const { publicKeyMultibase, secretKey } = generateIssuingKey()
  const did = didKeyOf(publicKeyMultibase)
  return {
    did,
    sign: async (unsigned) => {
      const checked = await suite.prepare(unsigned)
      if (!checked.ok) throw new Error(`Not fit to be signed: ${JSON.stringify(checked.faults)}`)
      return suite.sign(checked.prepared, signingKeyOf(did, secretKey), asInstant(Date.now() - 1000))
    },
  }
}

/** The token of a link that is handed out in its fragment. */
export const tokenIn = (link: string): string => link.slice(link.indexOf('#') + 1)
