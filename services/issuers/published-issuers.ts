import { BADGE_CONTEXTS } from '#engine/credentials/contexts.ts'
import { buildDidDocument, type IssuingKeyEntry } from '#engine/credentials/did-document.ts'
import { issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { buildStatusListCredential } from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { StatusList } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { profileOf } from './profile-of-issuer.ts'

export interface PublishedIssuersNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly chain: Chain
  readonly suite: CredentialSuite
  readonly keyStore: KeyStore
}

export type PublishedIssuers = ReturnType<typeof createPublishedIssuers>

/** What an issuer publishes for everybody: its profile, its DID document, its status lists. */
export const createPublishedIssuers = ({
  database,
  clock,
  chain,
  suite,
  keyStore,
}: PublishedIssuersNeeds) => {
  const didDocument = async (stores: Stores, issuer: Issuer): Promise<JsonObject> => {
    const keys = await stores.issuers.keys(issuer.id)
    return buildDidDocument({
      did: issuer.did,
      issuingKeys: keys
        .filter(({ purpose }) => purpose !== 'anchoring')
        .sort((a, b) => rank(a) - rank(b))
        .map(keyEntry),
      anchoring: keys
        .filter(({ purpose }) => purpose === 'anchoring')
        .map(({ publicKey }) => ({ chainId: chain.address.chainId, address: publicKey })),
      alsoKnownAs: [`${issuer.origin}/issuers/${issuer.slug}`],
    })
  }

  const bySlug = async (stores: Stores, slug: string): Promise<Issuer> => {
    const issuer = await stores.issuers.findBySlug(slug)
    if (issuer === undefined) throw errors.notFound({ what: 'issuer', id: slug })
    return issuer
  }

  return {
    profile: (slug: string): Promise<JsonObject> =>
      database.asWorker(async (stores) => ({
        '@context': [...BADGE_CONTEXTS],
        ...issuerProfileDocument(profileOf(await bySlug(stores, slug))),
      })),

    didDocumentBySlug: (slug: string): Promise<JsonObject> =>
      database.asWorker(async (stores) => didDocument(stores, await bySlug(stores, slug))),

    /** Our own DIDs resolve from the database, never by fetch. Undefined for a DID that is not ours. */
    didDocumentByDid: (did: string): Promise<JsonObject | undefined> =>
      database.asWorker(async (stores) => {
        const issuer = await stores.issuers.findByDid(did)
        return issuer === undefined ? undefined : didDocument(stores, issuer)
      }),

    /**
     * The signed status list, with every bit that is set by now. Signed anew when bits have changed since.
     * Who asks is not logged, and the list is the same for everybody.
     */
    statusList: async (slug: string, number: number): Promise<Uint8Array> => {
      const found = await database.asWorker(async (stores) => {
        const issuer = await bySlug(stores, slug)
        const list = await stores.credentials.list(issuer.id, number)
        const key = await stores.issuers.activeKey(issuer.id, 'issuing')
        if (list === undefined || key === undefined)
          throw errors.notFound({ what: 'status list', id: String(number) })
        return { issuer, list, key }
      })
      const { list } = found
      if (list.credential !== undefined && list.signedRevision === list.revision) return list.credential
      const signed = await signList(found)
      await database.asWorker((stores) =>
        stores.credentials.saveListCredential(list.id, list.revision, signed),
      )
      return signed
    },
  }

  async function signList({
    issuer,
    list,
    key,
  }: {
    issuer: Issuer
    list: StatusList
    key: IssuerKey
  }): Promise<Uint8Array> {
    // A minute ago: whoever began to verify before it was signed must not find it in the future.
    const signedAt = asInstant(clock.now() - MINUTE_MS)
    const unsigned = buildStatusListCredential({
      url: `${issuer.origin}/issuers/${issuer.slug}/status/${list.number}`,
      issuerDid: issuer.did,
      validFrom: signedAt,
      encodedList: await suite.encodeStatusList(list.bits),
      statusPurpose: list.purpose,
    })
    const checked = await suite.prepare(unsigned)
    if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
    const signed = await suite.sign(checked.prepared, keyStore.issuingKey(issuer.did, key), signedAt)
    return credentialBytes(signed)
  }
}

/** The key that badges are signed with stands first. */
const rank = ({ purpose, state }: IssuerKey): number =>
  state !== 'active' ? 2 : purpose === 'issuing' ? 0 : 1

function keyEntry({ publicKey, state, endedAt, createdAt }: IssuerKey): IssuingKeyEntry {
  if (state === 'compromised')
    return { publicKeyMultibase: publicKey, state: { kind: state, since: endedAt ?? createdAt } }
  return { publicKeyMultibase: publicKey, state: { kind: state } }
}
