import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { verdictOf } from './judge.ts'
import type { PresentationCheck, PresentationCheckName, PresentationReport } from './presentation-report.ts'
import type { ProofFinding } from './proof-finding.ts'
import type { Outcome, VerificationReport } from './verification-report.ts'

/** All that was found out about a presentation. */
export interface PresentationFacts {
  readonly checkedAt: Instant
  /** Undefined where it can be read. */
  readonly fault: Pick<CredentialFault, 'path' | 'message'> | undefined
  readonly proofs: readonly ProofFinding[]
  /** Whom it names. */
  readonly holder: string | undefined
  /** Whose key signed it. */
  readonly signer: string | undefined
  /** What the verifier asked that it answers. */
  readonly asked: { readonly challenge: boolean; readonly domain: boolean }
  readonly credentials: readonly VerificationReport[]
  /** How many more there are than were looked at. */
  readonly leftOut: number
}

/** Turns facts into a report: a presentation stands when its own proof holds, and each credential in it. */
export function judgePresentation(facts: PresentationFacts): PresentationReport {
  const { checkedAt, fault, holder, signer, credentials } = facts
  if (fault !== undefined) {
    const detail = `The document is no verifiable presentation: ${fault.path || '/'} ${fault.message}.`
    const checks = [
      check('format', 'failed', 'not-a-presentation', detail),
      ...(['proof', 'challenge', 'holder', 'credentials'] as const).map((name) =>
        check(name, 'not_applicable', 'unread', 'The document could not be read.'),
      ),
    ]
    return { verdict: 'invalid', checkedAt, checks, credentials: [], notProved: [] }
  }
  const checks = [
    check('format', 'passed', 'presentation-readable', 'The document is a verifiable presentation.'),
    judgeProofs(facts),
    judgeChallenge(facts),
    judgeHolder(facts),
    judgeCredentials(facts),
  ]
  const presenter = allHold(facts) ? (holder ?? signer) : undefined
  return {
    verdict: verdictOf(checks),
    checkedAt,
    checks,
    ...(presenter === undefined ? {} : { holder: presenter }),
    credentials,
    notProved: presenter === undefined ? [] : notProved(facts, presenter),
  }
}

/**
 * Whoever altered it may have put anything into it. Without a proof, or with one that could not be checked, each credential still
 * speaks for itself.
 */
export const isLookedInto = (proofs: readonly ProofFinding[]): boolean =>
  proofs.every((proof) => proof.outcome !== 'failed' || proof.code === 'proof-missing')

const allHold = ({ proofs }: PresentationFacts): boolean =>
  proofs.length > 0 && proofs.every(({ outcome }) => outcome === 'passed')

function judgeProofs({ proofs }: PresentationFacts): PresentationCheck {
  const bad =
    proofs.find(({ outcome }) => outcome === 'failed') ?? proofs.find(({ outcome }) => outcome === 'unknown')
  if (bad !== undefined && bad.outcome !== 'passed') return check('proof', bad.outcome, bad.code, bad.detail)
  return proofs.length === 0
    ? check('proof', 'failed', 'proof-missing', 'The presentation has no proof.')
    : check('proof', 'passed', 'presentation-signed', 'The presentation is unaltered and signed to present.')
}

/** That it is the right answer the proof says; here stands whether anything was asked, as else it may be a copy. */
function judgeChallenge(facts: PresentationFacts): PresentationCheck {
  const { challenge, domain } = facts.asked
  if (!challenge && !domain)
    return check(
      'challenge',
      'not_applicable',
      'challenge-not-asked',
      'No challenge and no domain were given to hold it against.',
    )
  if (!allHold(facts))
    return check(
      'challenge',
      'not_applicable',
      'challenge-unproven',
      'No proof holds that would answer what was asked.',
    )
  return challenge
    ? check(
        'challenge',
        'passed',
        'challenge-answered',
        'It was made in answer to the challenge that was given.',
      )
    : check('challenge', 'passed', 'domain-answered', 'It was made for the domain that was given.')
}

function judgeHolder(facts: PresentationFacts): PresentationCheck {
  if (facts.holder === undefined)
    return check('holder', 'not_applicable', 'holder-unnamed', 'The presentation names no holder.')
  return allHold(facts)
    ? check('holder', 'passed', 'holder-signed', 'The holder that the presentation names has signed it.')
    : check('holder', 'not_applicable', 'holder-unproven', 'No proof holds that the holder would have made.')
}

function judgeCredentials(facts: PresentationFacts): PresentationCheck {
  const { credentials, leftOut } = facts
  if (!isLookedInto(facts.proofs))
    return check('credentials', 'not_applicable', 'credentials-skipped', 'Nothing in it was looked at.')
  if (credentials.some(({ verdict }) => verdict === 'invalid'))
    return check('credentials', 'failed', 'credential-invalid', 'A credential in it is not valid.')
  if (leftOut > 0)
    return check(
      'credentials',
      'unknown',
      'credentials-left-out',
      `There are ${leftOut} more credentials in it than are looked at in one go.`,
    )
  if (credentials.some(({ verdict }) => verdict === 'undecided'))
    return check(
      'credentials',
      'unknown',
      'credential-undecided',
      'Of a credential in it not all could be told.',
    )
  return credentials.length === 0
    ? check('credentials', 'not_applicable', 'no-credentials', 'There is no credential in it.')
    : check('credentials', 'passed', 'credentials-valid', 'Every credential in it is valid.')
}

function notProved({ asked, credentials }: PresentationFacts, presenter: string): readonly string[] {
  const statements = [
    `That the holder is somebody whom you know: it was made by whoever has the key of ${presenter}, and no more is known of them here.`,
  ]
  if (!asked.challenge)
    statements.push(
      'That it was made for you, and now: no challenge was given, so it may be a copy of what was shown to somebody else.',
    )
  if (credentials.some(({ credential }) => credential !== undefined && credential.subjectId !== presenter))
    statements.push(
      'That the holder is the one whom each credential is about: at least one names somebody else, or nobody.',
    )
  return statements
}

const check = (
  name: PresentationCheckName,
  outcome: Outcome,
  code: string,
  detail: string,
): PresentationCheck => ({ name, outcome, code, detail })
