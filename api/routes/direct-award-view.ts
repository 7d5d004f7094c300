import type * as z from 'zod'
import type {
  DirectAward as DirectAwardSchema,
  DirectAwardStatistics,
  MadeDirectAward as MadeDirectAwardSchema,
} from '#api/schemas/direct-awards.ts'
import { undoEnd } from '#engine/direct-awards/direct-award-schedule.ts'
import { claimedAtOf, isOpen, possibleActs } from '#engine/direct-awards/direct-award-state.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type Identifier, identifierText, parseIdentifier } from '#engine/events/identifier.ts'
import { isMailAddress } from '#engine/events/mail-address.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { MadeDirectAward } from '#services/direct-awards/manage-direct-awards.ts'
import type { DirectAward, DirectAwardCounts } from '#services/ports/direct-award-store.ts'
import { showMailTrouble } from './mail-trouble-view.ts'
import { showParticulars } from './profile-view.ts'
import { timeOrNull } from './shown.ts'

/** To whom an offer can be made; undefined for any other identifier, and for what can never be mailed. An eppn has the form of an address. */
export function parseRecipient(text: string): Identifier | undefined {
  const identifier = parseIdentifier(text)
  if (identifier === undefined) return undefined
  switch (identifier.type) {
    case 'email':
    case 'eppn':
      return isMailAddress(identifier.value) ? identifier : undefined
    case 'did':
      return identifier
    default:
      return undefined
  }
}

/** Refuses with invalid-request. */
export function readRecipient(text: string, place: 'body' | 'query' = 'body'): Identifier {
  const identifier = parseRecipient(text)
  if (identifier !== undefined) return identifier
  throw errors.invalidRequest({
    errors: [
      {
        in: place,
        pointer: '/identifier',
        code: 'identifier-invalid',
        message: 'is no address, eppn or DID',
      },
    ],
  })
}

export function showDirectAward(award: DirectAward): z.input<typeof DirectAwardSchema> {
  const { standing, pseudonymisedAt, identifier, policy } = award
  return {
    id: award.id,
    achievementId: award.achievementId,
    achievementVersionId: award.achievementVersionId,
    issuerId: award.issuerId,
    identifier: pseudonymisedAt === undefined ? identifierText(identifier) : null,
    pseudonym: pseudonymisedAt === undefined ? null : identifier.value,
    state: standing.state,
    possible: [...possibleActs(standing.state)],
    narrative: award.narrative ?? null,
    evidence: (award.evidence ?? []).map((each) => ({ ...each })),
    results: (award.results ?? []).map((each) => ({ ...each })),
    particulars: award.particulars === undefined ? null : showParticulars(award.particulars),
    language: award.language,
    message: award.message ?? null,
    createdBy: award.createdBy,
    createdAt: formatInstant(award.createdAt),
    scheduledAt: formatInstant(award.scheduledAt),
    sentAt: timeOrNull(award.sentAt),
    expiresAt: timeOrNull(award.expiresAt),
    claimedAt: timeOrNull(claimedAtOf(standing)),
    endedAt: timeOrNull('endedAt' in standing ? standing.endedAt : undefined),
    undoUntil: isOpen(standing) ? formatInstant(undoEnd(award.createdAt, policy)) : null,
    reason: award.reason ?? null,
    awardId: award.awardId ?? null,
    mailsSent: award.mails,
    ...showMailTrouble(award.mailTrouble),
    remindersDone: award.reminded,
    reminderDays: [...policy.reminderDays],
    expiryDays: policy.expiryDays,
    bundleId: award.bundle?.id ?? null,
    bundleRow: award.bundle?.row ?? null,
    revision: award.revision,
  }
}

export const showMade = (
  { award, code }: MadeDirectAward,
  publicUrl: string,
): z.input<typeof MadeDirectAwardSchema> => ({
  directAward: showDirectAward(award),
  awardCode: code ?? null,
  claimUrl: code === undefined ? null : `${publicUrl}/redeem#${code}`,
})

export function showCounts(counts: DirectAwardCounts): z.input<typeof DirectAwardStatistics> {
  const { revokedAfterClaim, ...states } = counts
  return {
    ...states,
    revokedAfterClaim,
    open: states.scheduled + states.unaccepted,
    sent: Object.values(states).reduce((sum, count) => sum + count, 0),
  }
}
