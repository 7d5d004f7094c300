import { unsignedDocument } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { byId } from '#engine/shared/by-id.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { ReadableCredential } from './read-credential.ts'

export interface SignTokenNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly suite: Pick<CredentialSuite, 'prepare' | 'signJwt'>
  readonly keyStore: KeyStore
  readonly audit: AuditTrail
}

/** The JWT form of a badge that its caller may read, as it is handed out. */
export type SignToken = (found: ReadableCredential) => Promise<Uint8Array>

/**
 * Signs the JWT form of an edition when somebody first asks for it, with the key that its issuer signs with now, and keeps it: everybody
 * gets the same bytes from then on, unless that key is compromised. It says what the document says, with the same status
 * (docs/adr/0062-forms-of-a-badge.md). Throws `conflict` where the issuer has no key any more.
 *
 * Of an edition one form counts: the first whose key is not compromised. The next number is free only when all before it count for
 * nothing, so that of two that are signed at once, on both sides of a change of keys, one is kept and given to both.
 */
export const createSignToken = ({ database, clock, suite, keyStore, audit }: SignTokenNeeds): SignToken => {
  const look = async (stores: Stores, { edition, issuer, credential }: ReadableCredential) => {
    const keys = byId(await stores.issuers.keys(issuer.id))
    const all = await stores.editionJwts.ofEdition(credential.id, edition.edition)
    const counting = all.find(({ keyId }) => keys.get(keyId)?.state !== 'compromised')
    return { counting: counting?.jwt, free: (all.at(-1)?.number ?? 0) + 1 }
  }

  return async (found) => {
    const { edition, issuer, credential } = found
    // 1. Is it there?
    const { before, key } = await database.asWorker(async (stores) => ({
      before: (await look(stores, found)).counting,
      key: await stores.issuers.activeKey(issuer.id, 'issuing'),
    }))
    if (before !== undefined) return before
    if (key === undefined)
      throw errors.conflict({ what: 'JWT form', reason: 'the issuer has no active key to sign it with' })

    // 2. Sign what was signed, without its proof: what was prepared may lack what endorsers said of it since.
    const unsigned = unsignedDocument(JSON.parse(new TextDecoder().decode(edition.signed)) as JsonObject)
    const checked = await suite.prepare(unsigned)
    if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
    const jwt = utf8(await suite.signJwt(checked.prepared, keyStore.issuingKey(issuer.did, key), 'ob3'))

    // 3. Keep it, once: whoever was faster is the one that counts.
    crashPoint('token.before-store')
    const stored = await database.asWorker(async (stores) => {
      const now = clock.now()
      const { organisationId } = credential
      if ((await stores.issuers.holdKey(key.id)) === 'compromised') throw compromisedMeanwhile()
      const { counting, free } = await look(stores, found)
      if (counting !== undefined) return counting
      const about = { organisationId, credentialId: credential.id, edition: edition.edition, number: free }
      if (!(await stores.editionJwts.insert({ ...about, keyId: key.id, jwt, signedAt: now }))) {
        const faster = (await look(stores, found)).counting
        // Whoever was faster signed it with a key that has lost its word since.
        if (faster === undefined) throw compromisedMeanwhile()
        return faster
      }
      await audit(stores, {
        organisationId,
        at: now,
        actor: 'system',
        action: 'credential.jwt_signed',
        targetType: 'credential',
        targetId: credential.id,
        detail: { edition: edition.edition },
      })
      return jwt
    })
    crashPoint('token.stored')
    return stored
  }
}

const compromisedMeanwhile = () =>
  errors.conflict({ what: 'JWT form', reason: 'its key was compromised meanwhile: ask once more' })
