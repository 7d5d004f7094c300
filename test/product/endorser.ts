import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { generateIssuingKey } from '#adapters/crypto/issuing-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { TokenForm } from '#services/ports/sign-options.ts'

/** Somebody with a key of their own, outside the product. */
export interface Endorser {
  readonly did: string
  /** The document with an `eddsa-rdfc-2022` proof by this key. */
  readonly sign: (unsigned: JsonObject) => Promise<JsonObject>
  /** The same as the payload of a compact JWS. */
  readonly signToken: (unsigned: JsonObject, form?: TokenForm) => Promise<string>
}

const suite = createCredentialSuite()

export function createEndorser(): Endorser {
  const { publicKeyMultibase, secretKey } = generateIssuingKey()
  const did = didKeyOf(publicKeyMultibase)
  const key = signingKeyOf(did, secretKey)
  const prepared = async (unsigned: JsonObject) => {
    const checked = await suite.prepare(unsigned)
    if (!checked.ok) throw new Error(`Not fit to be signed: ${JSON.stringify(checked.faults)}`)
    return checked.prepared
  }
  return {
    did,
    sign: async (unsigned) => suite.sign(await prepared(unsigned), key, asInstant(Date.now() - 1000)),
    signToken: async (unsigned, form = 'vc+jwt') => suite.signJwt(await prepared(unsigned), key, form),
  }
}

/** The token of a link that is handed out in its fragment. */
export const tokenIn = (link: string): string => link.slice(link.indexOf('#') + 1)
