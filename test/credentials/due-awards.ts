import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { generateIssuingKey } from '#adapters/crypto/issuing-key.ts'
import { createLocalKeyStore } from '#adapters/keys/local-key-store.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { nativeSha256, nativeTextHash } from '#adapters/system/native-text-hash.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { createIssueMany } from '#adapters/threads/issue-in-threads.ts'
import { createIssuingThreads } from '#adapters/threads/issuing-threads.ts'
import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type {
  AchievementId,
  AchievementVersionId,
  AwardId,
  IssuerId,
  KeyId,
  OrganisationId,
  SubjectId,
  UnitId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { createAddLeaf } from '#services/anchoring/add-leaf.ts'
import { createAuditTrail } from '#services/audit/audit-trail.ts'
import { createEndorsementGate } from '#services/awards/endorsement-gate.ts'
import type { IssueAwardsNeeds } from '#services/awards/issue-needs.ts'
import { createAskEndorser } from '#services/endorsements/ask-endorser.ts'
import { createPublishEndorsement } from '#services/endorsements/publish-endorsement.ts'
import type { Database } from '#services/ports/database.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import { createRuleSets } from '#services/rules/rule-sets.ts'

const ORIGIN = 'https://badges.example.org'

const random = createSystemRandom()
const hashes = { sha256, keccak256 }
const secretBox = createSecretBox([new Uint8Array(32).fill(7)])

/** For tests and benchmarks: what the issue step is made of, as the product makes it, with threads that somebody must close. */
export function issuingParts(database: Database) {
  const suite = createCredentialSuite({ means: { textHash: nativeTextHash, sha256: nativeSha256 } })
  const threads = createIssuingThreads()
  const addLeaf = createAddLeaf({ random, hashes, secretBox })
  const audit = createAuditTrail({ random, hashes })
  const quiet = () => undefined
  const needs: IssueAwardsNeeds = {
    database,
    clock: systemClock,
    random,
    hashes,
    suite,
    issueMany: createIssueMany(suite, threads),
    keyStore: createLocalKeyStore(secretBox),
    addLeaf,
    endorsementGate: createEndorsementGate({
      askEndorser: createAskEndorser({ clock: systemClock, random, hashes, suite, origin: ORIGIN }),
      publishEndorsement: createPublishEndorsement({ clock: systemClock, random, hashes, addLeaf, audit }),
    }),
    ruleSets: createRuleSets({ hashes }),
    audit,
    wakeUps: { wake: async () => undefined },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    origin: ORIGIN,
  }
  return { needs, threads, secretBox }
}

const DEFINITION: AchievementDefinition = {
  language: 'en',
  name: { en: 'First aid basics' },
  description: { en: 'Knows the basics of first aid.' },
  criteria: { en: 'Two of three modules with a score of 0.7 or more, within **90 days**.' },
  achievementType: 'Badge',
  tags: ['first aid', 'sample'],
  alignments: [],
}

/** An issuer with one achievement; `grant` makes so many awards of it due, each of another person with an e-mail address. */
export async function createGranting(database: Database, slug = 'sample') {
  const organisationId = random.rowId() as OrganisationId
  const issuerId = random.rowId() as IssuerId
  const achievementId = random.rowId() as AchievementId
  const versionId = random.rowId() as AchievementVersionId
  await insertIssuer(database, organisationId, issuerId, slug)
  await database.asWorker(async ({ achievements }) => {
    const createdAt = systemClock.now()
    const listing = 'unlisted'
    await achievements.insert({
      organisationId,
      id: achievementId,
      issuerId,
      slug: 'first-aid',
      createdAt,
      listing,
    })
    await achievements.insertVersion({
      organisationId,
      id: versionId,
      achievementId,
      version: 1,
      state: 'draft',
      definition: DEFINITION,
      revision: 1,
      authors: [],
    })
  })
  let people = 0
  return {
    organisationId,
    issuerId,
    /** With an end where one is given. */
    grant: (count: number, validUntil?: Instant): Promise<void> =>
      database.asWorker(async ({ subjects, awards }) => {
        const wanted = Array.from({ length: count }, () => {
          const identifier = { type: 'email', value: `person.${people++}@example.org` } as const
          return { id: random.rowId() as SubjectId, identifier }
        })
        await subjects.create(organisationId, wanted)
        const at = systemClock.now()
        await awards.grant(
          wanted.map(({ id: subjectId }) => ({
            organisationId,
            id: random.rowId() as AwardId,
            issuerId,
            achievementId,
            achievementVersionId: versionId,
            subjectId,
            state: 'due',
            awardedAt: at,
            grantedAt: at,
            narrative: 'Awarded by hand.',
            ...(validUntil === undefined ? {} : { validUntil }),
          })),
        )
      }),
  }
}

async function insertIssuer(
  database: Database,
  organisationId: OrganisationId,
  issuerId: IssuerId,
  slug: string,
): Promise<void> {
  const { publicKeyMultibase, secretKey } = generateIssuingKey()
  const keyId = random.rowId() as KeyId
  const unitId = random.rowId() as UnitId
  await database.asWorker(async ({ organisations, issuers }) => {
    const id = organisationId
    await organisations.takeSlug(`${slug}-school`, 'organisation')
    await organisations.insert({ id, slug: `${slug}-school`, name: 'Sample school', sample: true })
    const rootId = random.rowId() as UnitId
    await organisations.insertUnit({
      organisationId,
      id: rootId,
      kind: 'organisation',
      name: 'Sample school',
    })
    const unit = { id: unitId, parentId: rootId, kind: 'issuer', name: 'Sample academy' } as const
    await organisations.insertUnit({ organisationId, ...unit })
    await organisations.takeSlug(`${slug}-academy`, 'issuer')
    await issuers.insert({
      organisationId,
      id: issuerId,
      unitId,
      slug: `${slug}-academy`,
      origin: ORIGIN,
      did: `did:web:badges.example.org:issuers:${slug}-academy`,
      name: 'Sample academy',
      url: `${ORIGIN}/issuers/${slug}-academy`,
      state: 'verified',
      revision: 1,
    })
    await issuers.insertKey({
      organisationId,
      id: keyId,
      issuerId,
      purpose: 'issuing',
      publicKey: publicKeyMultibase,
      sealedSecret: secretBox.seal(secretKey, issuerKeySecret(keyId)),
      state: 'active',
      createdAt: systemClock.now(),
    })
  })
}
