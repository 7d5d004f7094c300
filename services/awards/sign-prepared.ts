import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { issuerKeySecret } from '#services/issuers/manage-issuers.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Prepared } from './prepare-edition.ts'

export interface SignPreparedNeeds {
  readonly clock: Clock
  readonly suite: CredentialSuite
  readonly secretBox: SecretBox
}

/** Checks what was prepared, and signs exactly what was checked. Throws `credential-unfit`. */
export async function signPrepared(
  { clock, suite, secretBox }: SignPreparedNeeds,
  { edition, issuer, key }: Prepared,
): Promise<JsonObject> {
  const unsigned = JSON.parse(new TextDecoder().decode(edition.prepared)) as JsonObject
  const checked = await suite.prepare(unsigned)
  if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
  return suite.sign(
    checked.prepared,
    {
      verificationMethod: verificationMethodId(issuer.did, key.publicKey),
      controller: issuer.did,
      publicKeyMultibase: key.publicKey,
      secretKey: secretBox.open(key.sealedSecret, issuerKeySecret(key.id)),
    },
    clock.now(),
  )
}
