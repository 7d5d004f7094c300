import { unsignedDocument } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { byId } from '#engine/shared/by-id.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { EditionFormStore } from '#services/ports/edition-form-store.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { ReadableCredential } from './read-credential.ts'

export interface SignFormNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

/** A form in which a badge is signed besides its document. */
export interface FormKind {
  readonly what: string
  readonly action: string
  /** The first half of its crash points. */
  readonly crashPoint: 'token' | 'base'
  readonly kept: (stores: Stores) => EditionFormStore
  /** With which key it is signed now. */
  readonly key: (stores: Stores, issuer: Issuer) => Promise<IssuerKey | undefined>
  /** Signs what was signed before, without its proof: what was prepared may lack what endorsers said of it since. */
  readonly sign: (unsigned: JsonObject, issuer: Issuer, key: IssuerKey) => Promise<Uint8Array>
}

/** A form of a badge that its caller may read, as it is kept. */
export type SignForm = (found: ReadableCredential) => Promise<Uint8Array>

/**
 * Signs a form of an edition when somebody first asks for it, with the key that its issuer signs such with now, and keeps it:
 * everybody gets the same bytes from then on, unless that key is compromised. It says what the document says, with the same status
 * (docs/adr/0062-forms-of-a-badge.md). Throws `conflict` where the issuer has no key any more.
 *
 * Of an edition one form of a kind counts: the first whose key is not compromised. The next number is free only when all before it
 * count for nothing, so that of two that are signed at once, on both sides of a change of keys, one is kept and given to both.
 */
export const createSignForm = (
  { database, clock, audit }: SignFormNeeds,
  { what, action, crashPoint: point, kept, key: keyNow, sign }: FormKind,
): SignForm => {
  const look = async (stores: Stores, { edition, issuer, credential }: ReadableCredential) => {
    const keys = byId(await stores.issuers.keys(issuer.id))
    const all = await kept(stores).ofEdition(credential.id, edition.edition)
    const counting = all.find(({ keyId }) => keys.get(keyId)?.state !== 'compromised')
    return { counting: counting?.bytes, free: (all.at(-1)?.number ?? 0) + 1 }
  }

  const compromisedMeanwhile = () =>
    errors.conflict({ what, reason: 'its key was compromised meanwhile: ask once more' })

  return async (found) => {
    const { edition, issuer, credential } = found
    // 1. Is it there?
    const { before, key } = await database.asWorker(async (stores) => {
      const before = (await look(stores, found)).counting
      return before === undefined ? { before, key: await keyNow(stores, issuer) } : { before, key: undefined }
    })
    if (before !== undefined) return before
    if (key === undefined)
      throw errors.conflict({ what, reason: 'the issuer has no active key to sign it with' })

    // 2. Sign it.
    const document = JSON.parse(new TextDecoder().decode(edition.signed)) as JsonObject
    const signed = await sign(unsignedDocument(document), issuer, key)

    // 3. Keep it, once: whoever was faster is the one that counts.
    crashPoint(`${point}.before-store`)
    const stored = await database.asWorker(async (stores) => {
      const now = clock.now()
      const { organisationId } = credential
      if ((await stores.issuers.holdKey(key.id)) === 'compromised') throw compromisedMeanwhile()
      const { counting, free } = await look(stores, found)
      if (counting !== undefined) return counting
      const about = { organisationId, credentialId: credential.id, edition: edition.edition, number: free }
      if (!(await kept(stores).insert({ ...about, keyId: key.id, bytes: signed, signedAt: now }))) {
        const faster = (await look(stores, found)).counting
        // Whoever was faster signed it with a key that has lost its word since.
        if (faster === undefined) throw compromisedMeanwhile()
        return faster
      }
      await audit(stores, {
        organisationId,
        at: now,
        actor: 'system',
        action,
        targetType: 'credential',
        targetId: credential.id,
        detail: { edition: edition.edition },
      })
      return signed
    })
    crashPoint(`${point}.stored`)
    return stored
  }
}
