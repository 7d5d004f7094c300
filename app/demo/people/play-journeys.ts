import type { Config } from '../../config.ts'
import { createChecks } from './checks.ts'
import { designBadge } from './design-badge.ts'
import { findOperator } from './operator.ts'
import { setUpOrganisation } from './set-up-organisation.ts'

/**
 * Six journeys of people against the running product, over HTTP; each says what it checked. Every run founds an
 * organisation of its own, so it can be played again and again. False where a check failed.
 */
export async function playJourneys(
  url: string,
  config: Config,
  print: (line?: string) => void,
): Promise<boolean> {
  const operator = await findOperator(url, config)
  const checks = createChecks(print)
  const stamp = Date.now().toString(36)
  const stage = { url, operator, checks, stamp }
  const school = await setUpOrganisation(stage)
  await designBadge(stage, school)
  print()
  print(`${checks.passed()} checks passed, ${checks.failed()} failed.`)
  return checks.failed() === 0
}
