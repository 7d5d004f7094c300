import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import type { CredentialFault, PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { TokenForm } from '#services/ports/sign-options.ts'
import { toBase64Url } from './multibase.ts'

const ALGORITHMS = { Ed25519: 'EdDSA', 'P-256': 'ES256' } as const

const VC_1_CONTEXT = 'https://www.w3.org/2018/credentials/v1'

/** Signs as a compact JWS. Throws `credential-unfit` for what the form has no place for, and `signing-failed`. */
export async function signJwt(
  prepared: PreparedCredential,
  key: SigningKey,
  form: TokenForm,
): Promise<string> {
  const kind = { alg: ALGORITHMS[key.curve], kid: key.verificationMethod }
  const header = form === 'vc+jwt' ? { ...kind, typ: 'vc+jwt', cty: 'vc' } : { ...kind, typ: 'JWT' }
  const payload = form === 'vc+jwt' ? bare(prepared) : withTwins(prepared)
  const signingInput = `${encode(header)}.${encode(payload)}`
  let signature: Uint8Array
  try {
    signature = await key.sign(utf8(signingInput))
  } catch (error) {
    throw credentialErrors.signingFailed({ verificationMethod: key.verificationMethod }, error)
  }
  return `${signingInput}.${toBase64Url(signature)}`
}

/** VC-JOSE-COSE, section 3.1.1: the credential is the claims set. */
function bare(prepared: PreparedCredential): JsonObject {
  if (isVersion1(prepared))
    throw unfit('/@context', 'must be that of VC Data Model 2.0, as vc+jwt knows no other')
  return prepared
}

/** Open Badges 3.0, section 8.2.4.1: what a token says of itself, it says again as registered claims. */
function withTwins(prepared: PreparedCredential): JsonObject {
  const {
    issuer = null,
    credentialSubject = null,
    id,
    validFrom,
    issuanceDate,
    validUntil,
    expirationDate,
  } = prepared
  const exp = secondsOf(validUntil ?? expirationDate)
  const claims: JsonObject = {
    iss: required(isJsonObject(issuer) ? issuer['id'] : issuer, '/issuer/id'),
    jti: required(id, '/id'),
    sub: required(isJsonObject(credentialSubject) ? credentialSubject['id'] : null, '/credentialSubject/id'),
    nbf: secondsOf(validFrom ?? issuanceDate) ?? required(undefined, '/validFrom'),
    ...(exp === undefined ? {} : { exp }),
  }
  return isVersion1(prepared) ? { ...claims, vc: prepared } : { ...prepared, ...claims }
}

function required(value: Json | undefined, path: string): string {
  if (typeof value === 'string') return value
  throw unfit(path, 'must be there, as the token repeats it')
}

/** Whole seconds since 1970. */
function secondsOf(value: Json | undefined): number | undefined {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined
  return instant === undefined ? undefined : Math.floor(instant / 1000)
}

function isVersion1({ '@context': contexts = null }: JsonObject): boolean {
  return (isJsonArray(contexts) ? contexts[0] : contexts) === VC_1_CONTEXT
}

const encode = (part: JsonObject): string => toBase64Url(utf8(JSON.stringify(part)))

function unfit(path: string, message: string) {
  const faults: readonly CredentialFault[] = [{ code: 'schema', path, message }]
  return credentialErrors.credentialUnfit({ faults })
}
