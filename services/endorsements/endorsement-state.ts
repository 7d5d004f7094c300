import { endorsementActs } from '#engine/endorsements/endorsement-acts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'

/** That an endorsement is in a state in which this cannot be done, and what can. */
export const endorsementState = (state: string): WaarmerkError =>
  errors.conflict({
    what: 'endorsement',
    reason: `it is ${state}`,
    state,
    possible: endorsementActs(state),
  })
