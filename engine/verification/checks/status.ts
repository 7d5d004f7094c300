import { formatInstant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { asOfBlock } from '#engine/verification/as-of-block.ts'
import type {
  EditionFact,
  StatusPurpose,
  VerificationFacts,
} from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** What the status lists say now, or what the chain says where no list can be had. */
export function judgeStatus(facts: VerificationFacts): Check {
  const { status, edition, checkedAt } = facts
  const at = { at: checkedAt }
  const asOf = `as of ${formatInstant(checkedAt)}`
  switch (status.kind) {
    case 'none':
      return check(
        'status',
        'not_applicable',
        'no-status',
        'The credential names no status list; it cannot be looked up whether it was revoked.',
      )
    case 'clear':
      return { ...judgeClearBit(status.purpose, asOf), ...at }
    case 'other-purpose':
      return {
        ...check(
          'status',
          'not_applicable',
          'status-of-other-purpose',
          'The credential names status lists, but none for revocation or suspension; it cannot be looked up whether it was revoked.',
        ),
        informs: true,
      }
    case 'set':
      return { ...judgeSetBit(status.purpose, edition, asOf), ...at }
    case 'skipped':
      return check(
        'status',
        'unknown',
        'status-not-looked-up',
        'Nothing was fetched, as the proof does not hold.',
      )
    case 'unavailable':
      return (
        judgeBits(facts) ??
        check('status', 'unknown', 'status-unavailable', 'The status list could not be fetched.')
      )
    case 'unsupported':
      return check(
        'status',
        'unknown',
        'status-unsupported',
        `This verifier cannot read a status of the type ${status.type}.`,
      )
    case 'untrusted':
      return (
        judgeBits(facts) ??
        check(
          'status',
          'unknown',
          'status-untrusted',
          `The status list cannot be relied on: ${status.reason}.`,
        )
      )
    case 'malformed':
      return check(
        'status',
        'failed',
        'status-malformed',
        `The status of the credential is malformed: ${status.reason}.`,
      )
    default:
      return unreachable(status)
  }
}

/**
 * What the chain says of a badge whose status list cannot be had: whatever ends an edition sets its bit there too. Only
 * for a list that does not come, or where no issuer is left who could sign one: a list that comes counts for more.
 */
function judgeBits({ status, anchor, credential, checkedAt }: VerificationFacts): Check | undefined {
  if (anchor.kind !== 'on-chain' || anchor.verdict !== 'valid' || anchor.signerListed !== true)
    return undefined
  if (!anchor.revocable) return undefined
  if (status.kind !== 'unavailable' && credential?.issuer?.recordedAs === undefined) return undefined
  const at = anchor.summary.asOf ?? checkedAt
  const asOf = `as of ${asOfBlock(anchor.summary, at)}`
  if (checkedAt - at > MAX_BLOCK_AGE_MS) {
    const detail = `No status list could be read, and what is known of the chain is ${asOf}: too long ago to say that the credential is not revoked now.`
    return { ...check('status', 'unknown', 'revocation-as-of-old-block', detail), at }
  }
  const detail = `No status list could be read; the chain holds no revocation of the credential ${asOf}.`
  return { ...check('status', 'passed', 'not-revoked-on-chain', detail), at }
}

/**
 * Final blocks of public chains are up to half an hour old, and somebody has to put a proof together. Whatever is older
 * may be kept on purpose: a proof from before the revocation, an endpoint that stands still.
 */
const MAX_BLOCK_AGE_MS = 3_600_000

const judgeClearBit = (purpose: StatusPurpose, asOf: string): Check =>
  purpose === 'revocation'
    ? check('status', 'passed', 'not-revoked', `The credential was not revoked ${asOf}.`)
    : check(
        'status',
        'passed',
        'not-suspended',
        `The credential was not suspended ${asOf}; it names no list of revocations.`,
      )

function judgeSetBit(purpose: StatusPurpose, edition: EditionFact | undefined, asOf: string): Check {
  if (edition?.kind === 'superseded') {
    const detail = `A newer edition of this credential has taken its place, ${asOf}: see ${edition.page}.`
    return { ...check('status', 'failed', 'superseded', detail), see: edition.page }
  }
  const isSuspended = purpose === 'suspension' || edition?.kind === 'suspended'
  const why = edition?.reason === undefined ? {} : { reason: edition.reason }
  return isSuspended
    ? {
        ...check('status', 'failed', 'suspended', `The issuer has suspended the credential, ${asOf}.`),
        ...why,
      }
    : { ...check('status', 'failed', 'revoked', `The issuer has revoked the credential, ${asOf}.`), ...why }
}
