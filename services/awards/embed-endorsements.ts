import { type AchievementDescription, achievementDocument } from '#engine/credentials/achievement-document.ts'
import type { EmbeddedEndorsements } from '#engine/credentials/badge-credential.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { type IssuerProfile, issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import type { AchievementVersionId, IssuerId } from '#engine/shared/ids.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** A verifier looks at the first 16 of a badge, and there are three places for them. */
const MOST_IN_ONE_PLACE = 5

/**
 * The published endorsements that go into a badge: of its issuer and of its achievement version, the newest first, where they
 * are over the very bytes that stand in this badge. One over a profile that has changed since stays out.
 */
export async function publishedEndorsements(
  suite: CredentialSuite,
  stores: Stores,
  about: {
    readonly issuer: IssuerProfile & { readonly issuerId: IssuerId }
    readonly achievement: AchievementDescription
    readonly versionId: AchievementVersionId
    readonly test: boolean
  },
): Promise<EmbeddedEndorsements> {
  const { issuer, achievement, versionId, test } = about
  const published = await stores.endorsements.published([issuer.issuerId, versionId])
  const of = (targetId: string, node: JsonObject) =>
    fittingEndorsements(
      suite,
      node,
      published.filter((each) => each.targetId === targetId),
    )
  return {
    issuer: await of(issuer.issuerId, issuerProfileDocument(issuer)),
    achievement: await of(versionId, achievementDocument(achievement, test)),
  }
}

/**
 * A prepared edition with what its endorsers have signed about it. They vouch for the document without its endorsements, so
 * their digests still fit.
 */
export async function withOwnEndorsements(
  suite: CredentialSuite,
  edition: CredentialEdition,
  endorsements: readonly Endorsement[],
): Promise<CredentialEdition> {
  const document = JSON.parse(new TextDecoder().decode(edition.prepared)) as JsonObject
  const fitting = await fittingEndorsements(suite, document, endorsements)
  if (fitting.length === 0) return edition
  return { ...edition, prepared: credentialBytes({ ...document, endorsement: fitting }) }
}

async function fittingEndorsements(
  suite: CredentialSuite,
  node: JsonObject,
  endorsements: readonly Endorsement[],
): Promise<readonly JsonObject[]> {
  const digest = Buffer.from(suite.sha256(endorsableBytes(node))).toString('base64')
  const fitting: JsonObject[] = []
  const newestFirst = endorsements.toSorted((a, b) => (b.signedAt ?? 0) - (a.signedAt ?? 0))
  for (const { signed } of newestFirst) {
    if (signed === undefined || fitting.length === MOST_IN_ONE_PLACE) continue
    const document = withProofArray(JSON.parse(new TextDecoder().decode(signed)) as JsonObject)
    if (!names(document, `sha256-${digest}`)) continue
    // A badge that holds what is unfit could not be signed: better beside it than in its way.
    if ((await suite.lint(document)).length === 0) fitting.push(document)
  }
  return fitting
}

const names = ({ relatedResource }: JsonObject, digest: string): boolean =>
  isJsonArray(relatedResource ?? null) &&
  (relatedResource as readonly JsonObject[]).some(
    (each) => isJsonObject(each) && each['digestSRI'] === digest,
  )

/** One proof is as good as a list of one, to everybody but 1EdTech's schema. */
function withProofArray(document: JsonObject): JsonObject {
  const { proof } = document
  return proof === undefined || isJsonArray(proof) ? document : { ...document, proof: [proof] }
}
