import type { Config } from '../../config.ts'
import { awardByCsv } from './award-by-csv.ts'
import { createChecks } from './checks.ts'
import { claimAndShare } from './claim-and-share.ts'
import { designBadge } from './design-badge.ts'
import { mendAndEnd } from './mend-and-end.ts'
import { findOperator } from './operator.ts'
import { rescueMismatch } from './rescue-mismatch.ts'
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
  const badge = await designBadge(stage, school)
  await awardByCsv(stage, school, badge)
  const held = await claimAndShare(stage, school, badge)
  await rescueMismatch(stage, school, badge)
  await mendAndEnd(stage, school, held)
  print()
  print(`${checks.passed()} checks passed, ${checks.failed()} failed.`)
  return checks.failed() === 0
}
