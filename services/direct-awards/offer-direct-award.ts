import { unsayableResults } from '#engine/awards/award-results.ts'
import { DEFAULT_POLICY, type DirectAwardPolicy } from '#engine/direct-awards/direct-award-schedule.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type { DirectAwardId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { DirectAward, DirectAwardContent } from '#services/ports/direct-award-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { newSecrets } from './direct-award-secrets.ts'
import { moveDirectAward, sendDirectAward } from './move-direct-award.ts'

export interface WantedDirectAward extends Omit<DirectAwardContent, 'language'> {
  readonly identifier: Identifier
  /** Default: that of the achievement. */
  readonly language?: string
  /** Default, and where it is past: now. */
  readonly scheduledAt?: Instant
  readonly bundle?: NonNullable<DirectAward['bundle']>
}

/** What is awarded, by whom, and when people are reminded: the same for all of a bundle. */
export interface Awarding {
  readonly organisationId: OrganisationId
  readonly issuer: Issuer
  readonly version: PublishedVersion
  readonly policy: DirectAwardPolicy
  readonly actor: string
}

export type Offered =
  | { readonly outcome: 'made'; readonly award: DirectAward; readonly code: string }
  /** The same badge is on offer to the same identifier. */
  | { readonly outcome: 'open'; readonly award: DirectAward }

/** Nobody asks to be reminded of what is over by then. Throws `invalid-request`. */
export function requireReachable({ reminderDays, expiryDays }: DirectAwardPolicy): void {
  const at = reminderDays.findIndex((days) => days >= expiryDays)
  if (at < 0) return
  throw errors.invalidRequest({
    errors: [
      {
        in: 'body',
        pointer: `/reminderDays/${at}`,
        code: 'never-reached',
        message: `is not before the expiry after ${expiryDays} days`,
      },
    ],
  })
}

export async function policyFor(
  stores: Stores,
  organisationId: OrganisationId,
  over: Partial<DirectAwardPolicy>,
): Promise<DirectAwardPolicy> {
  const decided = (await stores.directAwards.policy(organisationId))?.policy ?? DEFAULT_POLICY
  const policy = { ...decided, ...over }
  if (over.reminderDays !== undefined) requireReachable(policy)
  return policy
}

/** Which of the results are of no result description of the achievement, or of a value that it cannot have. */
export const strangeResults = (
  { definition }: PublishedVersion,
  results: DirectAwardContent['results'] = [],
): readonly number[] => unsayableResults(definition.resultDescriptions ?? [], results)

/** Whether who assessed bears the id of the issuer, or of what it is a part of. */
export const isSourceIssuer = (
  { did, parentOrg }: Issuer,
  { source }: NonNullable<DirectAwardContent['particulars']> = {},
): boolean => source !== undefined && (source.id === did || source.id === parentOrg?.id)

/**
 * Makes one direct award, in the caller's transaction, and sends it where it is not for later. What was offered does not
 * change any more: its version of the achievement is frozen. Wake `mail` after the commit.
 */
export async function offerDirectAward(
  needs: DirectAwardNeeds,
  stores: Stores,
  { organisationId, issuer, version, policy, actor }: Awarding,
  wanted: WantedDirectAward,
): Promise<Offered> {
  const { clock, random, audit } = needs
  const now = clock.now()
  const { identifier, scheduledAt = now, language = version.definition.language, ...content } = wanted
  const id = random.rowId() as DirectAwardId
  const { secrets, code } = newSecrets(needs, id, identifier)
  const award: DirectAward = {
    ...content,
    organisationId,
    id,
    issuerId: issuer.id,
    achievementId: version.achievementId,
    achievementVersionId: version.id,
    identifier,
    language,
    standing: { state: 'scheduled', at: scheduledAt },
    policy,
    createdBy: actor,
    createdAt: now,
    scheduledAt,
    reminded: 0,
    mails: 0,
    secrets,
    revision: 1,
  }
  for (let tries = 1; ; tries++) {
    if (await stores.directAwards.insert(award)) break
    const open = await stores.directAwards.lockOpen(organisationId, version.achievementId, identifier)
    // Whoever held the place has left it, or does so now, as its time is over.
    if (open === undefined) {
      if (tries === 5) throw errors.conflict({ what: 'direct award', reason: 'somebody else makes it' })
      continue
    }
    const isOver = await moveDirectAward(
      needs,
      stores,
      open,
      { kind: 'expire', at: now },
      { actor: 'system' },
    )
    if (isOver === undefined) return { outcome: 'open', award: open }
  }
  await stores.achievements.freeze([version.id], now)
  await audit(stores, {
    organisationId,
    at: now,
    actor,
    action: 'direct_award.created',
    targetType: 'direct_award',
    targetId: id,
  })
  const sent = scheduledAt <= now ? await sendDirectAward(needs, stores, award, actor) : undefined
  return { outcome: 'made', award: sent ?? award, code }
}
