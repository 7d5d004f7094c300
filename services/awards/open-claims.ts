import type { Identifier } from '#engine/events/identifier.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AwardId, ClaimId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { newToken } from '#services/access/secret-token.ts'
import { claimMail } from '#services/mail/mail-texts.ts'
import { queueMails } from '#services/mail/queue-mail.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { IssueAwardsNeeds } from './issue-needs.ts'
import type { Prepared } from './prepare-edition.ts'

/** How long a badge waits to be claimed. */
export const CLAIM_MS = 82 * DAY_MS

/** Offers badges to their people by mail, where the organisation knows an address. */
export async function openClaims(
  { random, hashes, origin }: Pick<IssueAwardsNeeds, 'random' | 'hashes' | 'origin'>,
  stores: Stores,
  issued: readonly Prepared[],
  now: Instant,
): Promise<void> {
  const known = await identifiersOf(stores, issued)
  const wanted = issued.flatMap(({ award, issuer, achievementName, language }) => {
    const identifiers = known.get(award.subjectId) ?? []
    const identifier = identifiers.find(({ type }) => type === 'email') ?? identifiers[0]
    if (identifier === undefined) return []
    const { token, hash } = newToken(random, hashes.sha256)
    const message = claimMail({
      url: `${origin}/claim#${token}`,
      language,
      achievement: achievementName,
      issuer: issuer.name,
      byRule: award.byRule !== undefined,
    })
    const { organisationId, id: awardId } = award
    const claim = {
      organisationId,
      id: random.rowId() as ClaimId,
      awardId,
      identifier,
      state: 'open' as const,
      openedAt: now,
      expiresAt: asInstant(now + CLAIM_MS),
      tokenHash: hash,
    }
    return [{ claim, message }]
  })
  const opened = new Set(await stores.claims.open(wanted.map(({ claim }) => claim)))
  await queueMails(
    { random, origin },
    stores,
    wanted.flatMap(({ claim: { id, organisationId, awardId, identifier }, message }) =>
      opened.has(id) && identifier.type === 'email'
        ? [
            {
              addressing: { organisationId, to: identifier.value, now, aboutId: awardId as AwardId },
              message,
            },
          ]
        : [],
    ),
  )
}

async function identifiersOf(
  stores: Stores,
  issued: readonly Prepared[],
): Promise<ReadonlyMap<SubjectId, readonly Identifier[]>> {
  const all = new Map<SubjectId, readonly Identifier[]>()
  for (const [organisationId, of] of Map.groupBy(issued, ({ award }) => award.organisationId)) {
    const ids = of.map(({ award }) => award.subjectId)
    for (const [id, identifiers] of await stores.subjects.identifiersOfMany(
      organisationId as OrganisationId,
      ids,
    ))
      all.set(id, identifiers)
  }
  return all
}
