import { actorOf, type Principal } from '#engine/access/rights.ts'
import { completeCredential } from '#engine/credentials/complete-credential.ts'
import { statusEntry } from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { allocateStatus } from '#services/awards/allocate-status.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { IssuingCurve, KeyStore } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { VcApiCredential } from '#services/ports/vc-api-store.ts'
import { DOCUMENT_LIMITS, refuseLarge } from '#services/verify/document-limits.ts'
import { issuerIdOf } from '#services/verify/read-format.ts'
import type { DidKeyIssuer } from './did-key-issuer.ts'
import { findSigner } from './find-signer.ts'
import { lintOrRefuse, signDocument, type WantedProof } from './sign-document.ts'

export interface IssueCredentialsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly suite: CredentialSuite
  readonly keyStore: KeyStore
  readonly audit: AuditTrail
  /** Where the installation has one, which it says by a setting. */
  readonly didKeyIssuer: DidKeyIssuer | undefined
}

export interface IssueOptions extends WantedProof {
  /** Where the issuer has keys on several curves. */
  readonly keyType?: IssuingCurve
  /** The purposes of the entries that are to be allocated. */
  readonly statusPurposes?: readonly string[]
}

/**
 * Signs a credential that other software made (VC-API, `POST /credentials/issue`). With an issuer of an organisation: it is
 * audited, its entry comes from the issuer's list, and its bytes are kept.
 * Throws `document-too-large`, `credential-has-proof`, `credential-refused`, `suite-not-for-key`, `status-purpose-refused`, and
 * what `findSigner` throws.
 */
export const createIssueCredentials = (needs: IssueCredentialsNeeds) => {
  const { database, clock, random, suite, keyStore, audit, didKeyIssuer } = needs

  const issueByDidKey = async (issuer: DidKeyIssuer, given: JsonObject, options: IssueOptions) => {
    const now = clock.now()
    const key = issuer.keyOf(issuerIdOf(given), curveOf(options))
    if (key === undefined) throw errors.credentialIssuerMissing({})
    const complete = (status: readonly JsonObject[]) =>
      completeCredential(given, { issuerId: key.controller, now, status })
    // What is refused takes no entry.
    await lintOrRefuse(suite, complete([]))
    const allocated = issuer.allocate(key, options.statusPurposes ?? [])
    const document = complete(allocated.map(({ entry }) => entry))
    const signed = await signDocument(suite, await lintOrRefuse(suite, document), key, now, options)
    const places = allocated.map(({ place }) => place)
    for (const name of [document['id'], ...allocated.map(({ entry }) => entry['id'])])
      if (typeof name === 'string' && places.length > 0) issuer.remember(name, places)
    return signed.answer
  }

  const issueAs = async (principal: Principal, issuer: Issuer, given: JsonObject, options: IssueOptions) => {
    const { organisationId } = issuer
    const now = clock.now()
    const { statusPurposes = [] } = options
    const refused = statusPurposes.find((purpose, at) => purpose !== 'revocation' || at > 0)
    if (refused !== undefined) throw errors.statusPurposeRefused({ statusPurpose: refused })
    const complete = (status: readonly JsonObject[]) =>
      completeCredential(given, { issuerId: issuer.did, now, status })
    await lintOrRefuse(suite, complete([]))

    // 1. Take an entry and record that something is about to be signed.
    const { row, key, status } = await database.inOrganisation(organisationId, async (stores) => {
      const key = await stores.issuers.activeKey(issuer.id, 'issuing')
      if (key === undefined) throw errors.conflict({ what: 'issuer', reason: 'it has no active key' })
      const place = statusPurposes.length === 0 ? undefined : await allocateStatus({ random }, stores, issuer)
      const { id } = given
      const row: VcApiCredential = {
        organisationId,
        id: random.rowId(),
        issuerId: issuer.id,
        keyId: key.id,
        ...(typeof id === 'string' ? { credentialId: id } : {}),
        ...(place === undefined ? {} : { status: { listId: place.listId, index: place.index } }),
        actor: actorOf(principal),
        createdAt: now,
      }
      await stores.vcApi.insert(row)
      const list = `${issuer.origin}/issuers/${issuer.slug}/status/${place?.number}`
      return { row, key, status: place === undefined ? [] : [statusEntry({ list, index: place.index })] }
    })

    // 2. Sign, outside of the transaction.
    const signingKey = keyStore.issuingKey(issuer.did, key)
    const prepared = await lintOrRefuse(suite, complete(status))
    const { answer, bytes } = await signDocument(suite, prepared, signingKey, now, options)

    // 3. Keep what goes out.
    await database.inOrganisation(organisationId, async (stores) => {
      if ((await stores.issuers.holdKey(key.id)) === 'compromised')
        throw errors.conflict({
          what: 'issuer',
          reason: 'its key was compromised meanwhile: send it once more',
        })
      await stores.vcApi.keepSigned(row.id, bytes, suite.sha256(bytes))
      await audit(stores, {
        organisationId,
        at: now,
        actor: row.actor,
        action: 'credential.signed_by_api',
        targetType: 'vc_api_credential',
        targetId: row.id,
        detail: { issuer: issuer.id, types: typesOf(given) },
      })
    })
    return answer
  }

  return async (
    principal: Principal | undefined,
    given: JsonObject,
    options: IssueOptions,
  ): Promise<JsonObject> => {
    refuseLarge(given, DOCUMENT_LIMITS)
    if (given['proof'] !== undefined) throw errors.credentialHasProof({})
    const named = issuerIdOf(given)
    const isDidKey =
      didKeyIssuer !== undefined &&
      (named === undefined ? principal === undefined : didKeyIssuer.dids.includes(named))
    if (isDidKey) return issueByDidKey(didKeyIssuer, given, options)
    if (principal === undefined) {
      if (named !== undefined && didKeyIssuer !== undefined)
        throw errors.credentialIssuerRefused({ issuer: named })
      throw errors.unauthenticated({})
    }
    return issueAs(principal, await findSigner(database, principal, given), given, options)
  }
}

const curveOf = ({ keyType, cryptosuite }: IssueOptions): IssuingCurve =>
  keyType ?? (cryptosuite?.startsWith('ecdsa') === true ? 'P-256' : 'Ed25519')

function typesOf(document: JsonObject): string {
  return [document['type'] ?? []]
    .flat()
    .filter((type) => typeof type === 'string')
    .join(' ')
    .slice(0, 500)
}
