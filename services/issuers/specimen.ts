import type { AchievementDescription } from '#engine/credentials/achievement-document.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import { profileOf } from './profile-of-issuer.ts'

/** The badge of nobody: all that every badge of this achievement, under an `id` that no other has, will say. */
export const specimen = (
  issuer: Issuer,
  achievement: AchievementDescription,
  { id, now, test }: { readonly id: string; readonly now: Instant; readonly test: boolean },
): JsonObject =>
  buildBadgeCredential({
    issuer: profileOf(issuer),
    achievement,
    uuid: id,
    // Somebody else than the badge itself: what is said of one in two places nobody reads.
    subjectId: `urn:uuid:${NOBODY}`,
    validFrom: now,
    awardedDate: now,
    status: { list: `${issuer.origin}/issuers/${issuer.slug}/status/1`, index: 0 },
    test,
  })

const NOBODY = '00000000-0000-4000-8000-000000000002'

/**
 * What an issuer says of itself stands in each of its badges: better to be refused when it is said than once somebody has
 * earned one. Throws `invalid-request`, `credential-unfit`.
 */
export async function requireSayable(
  suite: Pick<CredentialSuite, 'lint'>,
  issuer: Issuer,
  at: { readonly now: Instant; readonly test: boolean },
): Promise<void> {
  if (issuer.parentOrg?.id === issuer.did) throw sameId('/parentOrg/id')
  const faults = await suite.lint(specimen(issuer, anyAchievement(issuer), { id: issuer.id, ...at }))
  if (faults.length > 0) throw errors.credentialUnfit({ faults })
}

/** That somebody else bears the id of the issuer, or of what it is a part of: their words could be told as its own. */
export const sameId = (pointer: string) =>
  errors.invalidRequest({ errors: [{ in: 'body', pointer, ...SAME_ID }] })

export const SAME_ID = {
  code: 'same-id',
  message: 'is the id of the issuer or of what it is a part of: name somebody else, or leave it out',
}

const anyAchievement = ({ origin, id, did, name, url }: Issuer): AchievementDescription => ({
  id: `${origin}/achievements/${id}`,
  version: '1',
  name: 'Specimen',
  description: 'Specimen',
  criteriaNarrative: 'Specimen',
  achievementType: 'Badge',
  creator: { did, name, url },
})
