import { withSources } from './check-sources.ts'
import { judgeAchievement } from './checks/achievement.ts'
import { judgeAnchor } from './checks/anchor.ts'
import { check } from './checks/check.ts'
import { judgeEndorsements } from './checks/endorsements.ts'
import { judgeFormat } from './checks/format.ts'
import { judgeImage } from './checks/image.ts'
import { judgeIssuer } from './checks/issuer.ts'
import { judgeProof } from './checks/proof.ts'
import { judgeRecipient } from './checks/recipient.ts'
import { judgeSchema } from './checks/schema.ts'
import { judgeStatus } from './checks/status.ts'
import { judgeValidity } from './checks/validity.ts'
import { notProved } from './not-proved.ts'
import type { VerificationFacts } from './verification-facts.ts'
import type { Check, CheckName, Verdict, VerificationReport } from './verification-report.ts'

/**
 * Turns facts into a report.
 * One failed check makes a document invalid, one that could not be made leaves it undecided; what only informs does
 * neither. An issuer that nobody knows leaves it undecided, however good the signature.
 */
export function judge(facts: VerificationFacts): VerificationReport {
  const readable = facts.format.kind === 'readable'
  const checks = readable
    ? [
        judgeFormat(facts),
        judgeSchema(facts),
        judgeProof(facts),
        judgeIssuer(facts),
        judgeStatus(facts),
        judgeValidity(facts),
        judgeAnchor(facts.anchor),
        judgeAchievement(facts.achievement),
        judgeImage(facts),
        judgeEndorsements(facts),
        judgeRecipient(facts),
      ].map((each) => withSources(each, facts))
    : [
        judgeFormat(facts),
        ...UNREADABLE.map((name) =>
          check(name, 'not_applicable', 'unread', 'The document could not be read.'),
        ),
      ]
  const { credential, anchor } = facts
  return {
    verdict: verdictOf(checks),
    checkedAt: facts.checkedAt,
    checks,
    ...(credential === undefined ? {} : { credential }),
    ...('summary' in anchor ? { anchor: anchor.summary } : {}),
    endorsements: facts.endorsements,
    trustLists: facts.trustLists ?? [],
    notProved: notProved(facts),
  }
}

const UNREADABLE: readonly CheckName[] = [
  'schema',
  'proof',
  'issuer',
  'status',
  'validity',
  'anchor',
  'achievement',
  'image',
  'endorsements',
  'recipient',
]

export function verdictOf(checks: readonly Pick<Check, 'outcome' | 'informs'>[]): Verdict {
  const deciding = checks.filter(({ informs }) => informs !== true)
  if (deciding.some(({ outcome }) => outcome === 'failed')) return 'invalid'
  return deciding.some(({ outcome }) => outcome === 'unknown') ? 'undecided' : 'valid'
}
