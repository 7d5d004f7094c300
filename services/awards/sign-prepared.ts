import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import type { Prepared } from './prepare-edition.ts'

export interface SignPreparedNeeds {
  readonly clock: Clock
  readonly suite: CredentialSuite
  readonly keyStore: KeyStore
}

/** Checks what was prepared, and signs exactly what was checked. Throws `credential-unfit`. */
export async function signPrepared(
  { clock, suite, keyStore }: SignPreparedNeeds,
  { edition, issuer, key }: Prepared,
): Promise<JsonObject> {
  const unsigned = JSON.parse(new TextDecoder().decode(edition.prepared)) as JsonObject
  const checked = await suite.prepare(unsigned)
  if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
  return suite.sign(checked.prepared, keyStore.issuingKey(issuer.did, key), clock.now())
}
