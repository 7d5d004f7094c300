import { actorOf, type Principal } from '#engine/access/rights.ts'
import { completeCredential } from '#engine/credentials/complete-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { allocateStatus } from '#services/awards/allocate-status.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { IssuingCurve, KeyStore } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { VcApiCredential } from '#services/ports/vc-api-store.ts'
import { DOCUMENT_LIMITS, refuseLarge } from '#services/verify/document-limits.ts'
import { issuerIdOf } from '#services/verify/read-format.ts'
import type { DidKeyIssuer } from './did-key-issuer.ts'
import { findSigner } from './find-signer.ts'
import {
  lintOrRefuse,
  rehearse,
  type SignedDocument,
  signDocument,
  type WantedProof,
} from './sign-document.ts'
import { allocatable, entryFor, type WantedStatus } from './wanted-status.ts'

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
  /** The entries that are to be allocated. */
  readonly statuses?: readonly WantedStatus[]
}

/**
 * Signs a credential that other software made (VC-API, `POST /credentials/issue`). With an issuer of an organisation: it is
 * audited, its entries come from the issuer's lists, and its bytes are kept. What is refused takes no entry.
 * Throws `document-too-large`, `credential-has-proof`, `credential-refused`, `suite-not-for-key`, `pointers-unmatched`,
 * `credential-unfit`, `status-purpose-refused`, and what `findSigner` throws.
 */
export const createIssueCredentials = (needs: IssueCredentialsNeeds) => {
  const { database, clock, random, suite, keyStore, audit, didKeyIssuer } = needs

  const issueByDidKey = async (issuer: DidKeyIssuer, given: JsonObject, options: IssueOptions) => {
    const now = clock.now()
    const key = issuer.keyOf(issuerIdOf(given), curveOf(options))
    if (key === undefined) throw errors.credentialIssuerMissing({})
    const complete = (status: readonly JsonObject[]) =>
      completeCredential(given, { issuerId: key.controller, now, status })
    const { statuses = [] } = options
    if (statuses.length > 0)
      await rehearse(
        suite,
        await lintOrRefuse(suite, complete(statuses.map(exampleEntry))),
        key,
        now,
        options,
      )
    const allocated = issuer.allocate(key, statuses)
    const document = complete(allocated.map(({ entry }) => entry))
    const signed = await signDocument(suite, await lintOrRefuse(suite, document), key, now, options)
    const places = allocated.map(({ place }) => place)
    for (const name of [document['id'], ...allocated.map(({ entry }) => entry['id'])])
      if (typeof name === 'string' && places.length > 0) issuer.remember(name, places)
    return signed.answer
  }

  const issueAs = async (principal: Principal, issuer: Issuer, given: JsonObject, options: IssueOptions) => {
    const { organisationId } = issuer
    const { id } = given
    if (typeof id === 'string' && utf8(id).length > MOST_ID_BYTES)
      throw errors.credentialRefused({
        faults: [
          {
            code: 'data-model',
            path: '/id',
            message: `must have at most ${MOST_ID_BYTES} bytes to be found by`,
          },
        ],
      })
    const now = clock.now()
    const wanted = allocatable(options.statuses ?? [])
    const complete = (status: readonly JsonObject[]) =>
      completeCredential(given, { issuerId: issuer.did, now, status })

    // 1. Whatever may be refused is refused before anything is written.
    const key = await database.inOrganisation(organisationId, (stores) =>
      stores.issuers.activeKey(issuer.id, 'issuing'),
    )
    if (key === undefined) throw errors.conflict({ what: 'issuer', reason: 'it has no active key' })
    const signingKey = keyStore.issuingKey(issuer.did, key)
    const checked = await lintOrRefuse(suite, complete(wanted.map(exampleEntry)))
    const row: VcApiCredential = {
      organisationId,
      id: random.rowId(),
      issuerId: issuer.id,
      keyId: key.id,
      ...(typeof id === 'string' ? { credentialId: id } : {}),
      statuses: [],
      actor: actorOf(principal),
      createdAt: now,
    }
    const keep = async (stores: Stores, { bytes }: SignedDocument) => {
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
    }

    // Without an entry there is nothing to take: it is signed, and then kept.
    if (wanted.length === 0) {
      const signed = await signDocument(suite, checked, signingKey, now, options)
      await database.inOrganisation(organisationId, async (stores) => {
        await stores.vcApi.insert(row)
        await keep(stores, signed)
      })
      crashPoint('vc-api.stored')
      return signed.answer
    }
    await rehearse(suite, checked, signingKey, now, options)

    // 2. Take the entries, and record that something is about to be signed.
    const status = await database.inOrganisation(organisationId, async (stores) => {
      const taken = []
      for (const each of wanted) {
        const { number, ...place } = await allocateStatus({ random }, stores, issuer, each.purpose)
        const list = `${issuer.origin}/issuers/${issuer.slug}/status/${number}`
        taken.push({ ...place, purpose: each.purpose, entry: entryFor({ list, index: place.index }, each) })
      }
      await stores.vcApi.insert({ ...row, statuses: taken })
      return taken.map(({ entry }) => entry)
    })
    crashPoint('vc-api.before-sign')

    // 3. Sign, outside of the transaction.
    const prepared = await lintOrRefuse(suite, complete(status))
    const signed = await signDocument(suite, prepared, signingKey, now, options)
    crashPoint('vc-api.before-store')

    // 4. Keep what goes out.
    await database.inOrganisation(organisationId, (stores) => keep(stores, signed))
    crashPoint('vc-api.stored')
    return signed.answer
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

/** What was signed is looked up by its id, and an index takes no longer ones. */
const MOST_ID_BYTES = 2000

/** An entry of the shape that is going to be allocated, for what is looked at before it is. */
const exampleEntry = (wanted: WantedStatus, index: number): JsonObject =>
  entryFor({ list: 'https://status.example.org/1', index }, wanted)

const curveOf = ({ keyType, cryptosuite }: IssueOptions): IssuingCurve =>
  keyType ?? (cryptosuite?.startsWith('ecdsa') === true ? 'P-256' : 'Ed25519')

function typesOf(document: JsonObject): string {
  return (
    [document['type'] ?? []]
      .flat()
      .filter((type) => typeof type === 'string')
      .join(' ')
      .slice(0, 500)
      // The database takes no half of a character.
      .toWellFormed()
  )
}
