import { type AwardLife, type AwardStep, possibleSteps } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'

/** An award and its editions as the state machine sees them. */
export const awardLifeOf = ({ state }: Award, editions: readonly CredentialEdition[]): AwardLife => ({
  state,
  editions: editions.map((edition) => ({
    edition: edition.edition,
    cause: edition.cause,
    state: edition.state,
    ...(edition.state === 'signed' && edition.endedBy !== undefined ? { end: edition.endedBy } : {}),
    ...(edition.state === 'prepared' && edition.parkedAt !== undefined ? { isParked: true } : {}),
  })),
})

/** The same from the award alone, for lists of many: an edition that is being signed is not seen. */
export const lifeAsListed = ({ state, issuedAt, suspendedAt }: Award): AwardLife => ({
  state,
  editions: [
    {
      edition: 1,
      cause: 'issued',
      state: issuedAt === undefined ? 'prepared' : 'signed',
      ...(suspendedAt === undefined ? {} : { end: 'suspended' }),
    },
  ],
})

/** Throws `award-state`, which names the state and what is possible in it. */
export function requireStep(award: Award, editions: readonly CredentialEdition[], step: AwardStep): void {
  const possible = possibleSteps(awardLifeOf(award, editions))
  if (possible.includes(step)) return
  throw errors.awardState({
    state: award.suspendedAt === undefined ? award.state : 'suspended',
    isSigning: editions.at(-1)?.state === 'prepared' && editions.length > 1,
    possible,
  })
}
