import { type AchievementDescription, achievementDocument } from '#engine/credentials/achievement-document.ts'
import {
  buildBadgeCredential,
  type EmbeddedEndorsements,
  endorsed,
} from '#engine/credentials/badge-credential.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { type IssuerProfile, issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { readSignedEndorsement, type SignedEndorsement } from '#engine/endorsements/signed-endorsement.ts'
import type { AchievementVersionId, IssuerId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { DOCUMENT_LIMITS, type DocumentLimits, isWithin } from '#services/verify/document-limits.ts'

/** A verifier looks at the first 16 of a badge, and there are three places for them. */
const MOST_IN_ONE_PLACE = 5

/** A badge has as much to say again besides: whoever verifies it must read the whole of it. */
const ROOM: DocumentLimits = {
  ...DOCUMENT_LIMITS,
  bytes: DOCUMENT_LIMITS.bytes / 2,
  nodes: DOCUMENT_LIMITS.nodes / 2,
}

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
  const { achievement, versionId, test } = about
  const { issuerId, ...profile } = about.issuer
  const published = await stores.endorsements.published([issuerId, versionId])
  const of = (targetId: string) => published.filter((each) => each.targetId === targetId)
  const badgeWith = (endorsements: EmbeddedEndorsements) =>
    buildBadgeCredential({ ...ANY_BADGE, issuer: profile, achievement, test, endorsements })
  const ofIssuer = await fittingEndorsements(suite, issuerProfileDocument(profile), of(issuerId), (issuer) =>
    badgeWith({ issuer, achievement: [] }),
  )
  const ofAchievement = await fittingEndorsements(
    suite,
    achievementDocument(achievement, test),
    of(versionId),
    (achievement) => badgeWith({ issuer: ofIssuer, achievement }),
  )
  return { issuer: ofIssuer, achievement: ofAchievement }
}

/** What one badge says and another does not, in words of no one's. */
const ANY_BADGE = {
  uuid: '00000000-0000-4000-8000-000000000001',
  subjectId: 'urn:uuid:00000000-0000-4000-8000-000000000002',
  validFrom: asInstant(0),
  awardedDate: asInstant(0),
  status: { list: 'https://badges.example.org/status/1', index: 1 },
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
  const badgeWith = (some: readonly SignedEndorsement[]): JsonObject => endorsed(document, some)
  const fitting = await fittingEndorsements(suite, document, endorsements, badgeWith)
  return fitting.length === 0 ? edition : { ...edition, prepared: credentialBytes(badgeWith(fitting)) }
}

/**
 * Those over the bytes of this node with which a badge can be signed, and would be read by a verifier. What an endorser
 * puts into a proof may be right in a document of its own and in nothing that holds it: better beside the badge than in
 * its way.
 */
async function fittingEndorsements(
  suite: CredentialSuite,
  node: JsonObject,
  endorsements: readonly Endorsement[],
  badgeWith: (some: readonly SignedEndorsement[]) => JsonObject,
): Promise<readonly SignedEndorsement[]> {
  const digest = Buffer.from(suite.sha256(endorsableBytes(node))).toString('base64')
  const isFit = async (document: JsonObject) =>
    isWithin(document, ROOM) && (await suite.lint(document)).length === 0
  const over = endorsements
    .toSorted((a, b) => (b.signedAt ?? 0) - (a.signedAt ?? 0))
    .flatMap(({ signed }) => (signed === undefined ? [] : [withProofArray(readSignedEndorsement(signed))]))
    .filter((signed) => names(documentIn(suite, signed), `sha256-${digest}`))
  const fitTogether = async (some: readonly SignedEndorsement[]) => {
    // A token is a text to whoever reads the badge, and was held against what was asked when it was taken.
    for (const signed of some) if (typeof signed === 'object' && !(await isFit(signed))) return false
    return some.length === 0 || isFit(badgeWith(some))
  }
  const newest = over.slice(0, MOST_IN_ONE_PLACE)
  if (await fitTogether(newest)) return newest
  let fitting: readonly SignedEndorsement[] = []
  for (const signed of over) {
    if (fitting.length === MOST_IN_ONE_PLACE) break
    const more = [...fitting, signed]
    if (await fitTogether(more)) fitting = more
  }
  return fitting
}

function documentIn(suite: CredentialSuite, signed: SignedEndorsement): JsonObject {
  if (typeof signed !== 'string') return signed
  const reading = suite.readJwt(signed)
  return reading.ok ? reading.credential : {}
}

const names = ({ relatedResource }: JsonObject, digest: string): boolean =>
  isJsonArray(relatedResource ?? null) &&
  (relatedResource as readonly JsonObject[]).some(
    (each) => isJsonObject(each) && each['digestSRI'] === digest,
  )

/** One proof is as good as a list of one, to everybody but 1EdTech's schema. */
function withProofArray(signed: SignedEndorsement): SignedEndorsement {
  if (typeof signed === 'string') return signed
  const { proof } = signed
  return proof === undefined || isJsonArray(proof) ? signed : { ...signed, proof: [proof] }
}
