import { errors } from '#engine/errors/catalogue.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'
import type { RuleVersion } from '#services/ports/rule-store.ts'

const ACTS: Readonly<Record<RuleVersion['state'], readonly string[]>> = {
  draft: ['shadow', 'activate'],
  shadow: ['unshadow', 'activate'],
  active: ['pause'],
  paused: ['resume'],
  retired: ['rollback'],
}

/** That a version is in a state in which this cannot be done, and what can. */
export const ruleState = (state: RuleVersion['state'], reason = `it is ${state}`): WaarmerkError =>
  errors.conflict({ what: 'rule version', reason, state, possible: ACTS[state] })

/** That no version of a rule is in a state: of the one in force, else of the newest, what can be done. */
export function noVersionIs(wanted: RuleVersion['state'], versions: readonly RuleVersion[]): WaarmerkError {
  const said = versions.find(({ state }) => state === 'active' || state === 'paused') ?? versions.at(-1)
  return ruleState(said?.state ?? 'draft', `no version of it is ${wanted}`)
}
