import { type AwardLife, type AwardStep, possibleSteps } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Stores } from '#services/ports/stores.ts'

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
  if (!possibleSteps(awardLifeOf(award, editions)).includes(step)) throw stateError(award, editions)
}

/** `award-state` of an award as it stands. */
export async function wrongState(stores: Stores, award: Award): Promise<WaarmerkError> {
  const credential = await stores.credentials.findByAward(award.id)
  return stateError(award, credential === undefined ? [] : await stores.credentials.editions(credential.id))
}

/** People say yes or no to one that waits for them, as long as it does. */
function stateError(award: Award, editions: readonly CredentialEdition[]): WaarmerkError {
  const steps = possibleSteps(awardLifeOf(award, editions))
  return errors.awardState({
    state: award.suspendedAt === undefined ? award.state : 'suspended',
    isSigning: editions.at(-1)?.state === 'prepared' && editions.length > 1,
    possible: award.state === 'awaiting_approval' ? ['approve', 'refuse', ...steps] : steps,
  })
}
