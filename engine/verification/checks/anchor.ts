import { formatInstant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { asOfBlock } from '#engine/verification/as-of-block.ts'
import type { AnchorFact } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** What is to be said of a receipt and the chain that it leads to. */
export function judgeAnchor(anchor: AnchorFact): Check {
  switch (anchor.kind) {
    case 'no-receipt':
      return check(
        'anchor',
        'not_applicable',
        'no-receipt',
        'No receipt came with the document, so no anchor was looked up.',
      )
    case 'disclosure':
      return check(
        'anchor',
        'not_applicable',
        'disclosure-not-anchored',
        'The document shows what its holder chose of a longer one: no receipt is about it.',
      )
    case 'malformed':
      return check('anchor', 'failed', 'receipt-malformed', `The receipt cannot be read: ${anchor.reason}.`)
    case 'mismatch':
      return check('anchor', 'failed', 'receipt-mismatch', `The receipt does not fit: ${anchor.reason}.`)
    case 'unavailable':
      return check(
        'anchor',
        'unknown',
        'chain-unavailable',
        'The receipt fits the document, but the chain could not be asked for its batch.',
      )
    case 'not-on-chain':
      return check(
        'anchor',
        'unknown',
        'batch-not-on-chain',
        'The receipt fits the document, but the chain does not hold its batch (yet).',
      )
    case 'refused':
      return check('anchor', 'unknown', anchor.code, refusal(anchor))
    case 'on-chain':
      return judgeRecord(anchor)
    default:
      return unreachable(anchor)
  }
}

/** A proof that cannot be relied on says nothing, for or against: the same badge may have a good one. */
function refusal({ code, block }: AnchorFact & { readonly kind: 'refused' }): string {
  const which =
    block === undefined
      ? 'a block'
      : `block ${block.hash} (number ${block.block}, ${formatInstant(block.time)})`
  switch (code) {
    case 'state-proof-malformed':
      return 'The receipt fits the document, but what was handed in beside it is no proof of a batch.'
    case 'state-proof-elsewhere':
      return 'The receipt fits the document, but the proof is of another chain, contract or batch, or not whole.'
    case 'state-proof-wrong':
      return 'The receipt fits the document, but the proof does not follow from its block: something in it was changed.'
    case 'state-proof-other-contract':
      return 'The receipt fits the document, but by the proof its block does not have the contract there.'
    case 'block-unconfirmed':
      return `The receipt fits the document, and all else follows from ${which}. Nobody named that block as one of the chain.`
    case 'block-differs':
      return `The receipt fits the document, but the proof follows from ${which}, and not from the block that was named.`
    default:
      return unreachable(code)
  }
}

function judgeRecord(anchor: AnchorFact & { readonly kind: 'on-chain' }): Check {
  const { summary } = anchor
  if (anchor.verdict !== 'valid') return judgeRefusal(anchor.verdict)
  if (anchor.signerListed === false) {
    return check(
      'anchor',
      'failed',
      'anchor-not-by-issuer',
      'The account that anchored is not one that the issuer lists.',
    )
  }
  const when = summary.anchoredAt === undefined ? '' : ` at ${formatInstant(summary.anchoredAt)}`
  if (anchor.signerListed === undefined) {
    return check(
      'anchor',
      'unknown',
      'anchor-signer-unlisted',
      `The document was anchored${when}, but whether by its issuer could not be told.`,
    )
  }
  const asOf =
    summary.asOf === undefined ? '' : `, as the chain has it as of ${asOfBlock(summary, summary.asOf)}`
  return summary.independent === true
    ? check('anchor', 'passed', 'anchored', `The document existed no later than its block${when}${asOf}.`)
    : check(
        'anchor',
        'passed',
        'anchored-not-independent',
        `The document was anchored${when} on a chain that is not known to be independent of its issuer${asOf}.`,
      )
}

function judgeRefusal(verdict: 'not_in_batch' | 'revoked' | 'unauthorised'): Check {
  switch (verdict) {
    case 'not_in_batch':
      return check(
        'anchor',
        'failed',
        'anchor-not-in-batch',
        'The batch on chain does not hold the document: its size differs.',
      )
    case 'revoked':
      return check('anchor', 'failed', 'anchor-revoked', 'The anchor of the document was revoked on chain.')
    case 'unauthorised':
      return check(
        'anchor',
        'failed',
        'anchor-unauthorised',
        'The account that anchored may not act for the issuer.',
      )
    default:
      return unreachable(verdict)
  }
}
