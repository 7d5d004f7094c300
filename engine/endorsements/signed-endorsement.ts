import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** What an endorser hands in, and what is kept: the document with its proofs, or a compact JWS that it stands in. */
export type SignedEndorsement = JsonObject | string

/** As it is kept: the JCS of the document, or the token letter by letter. */
export const signedEndorsementBytes = (signed: SignedEndorsement): Uint8Array =>
  typeof signed === 'string' ? utf8(signed) : credentialBytes(signed)

/** Reads what was kept: JSON begins with a brace, and no token does. Throws `SyntaxError` for what is neither. */
export function readSignedEndorsement(kept: Uint8Array): SignedEndorsement {
  const text = new TextDecoder().decode(kept)
  return isToken(text) ? text : (JSON.parse(text) as JsonObject)
}

const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)
