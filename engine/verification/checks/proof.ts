import { formatInstant } from '#engine/shared/instant.ts'
import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** Every proof must hold. The first that does not gives the code. */
export function judgeProof({ proofs, credential, isDidKept }: VerificationFacts): Check {
  const bad =
    proofs.find(({ outcome }) => outcome === 'failed') ?? proofs.find(({ outcome }) => outcome === 'unknown')
  if (bad !== undefined && bad.outcome !== 'passed') return check('proof', bad.outcome, bad.code, bad.detail)
  if (proofs.length === 0) return check('proof', 'failed', 'proof-missing', 'The document has no proof.')
  const { domain, id, recordedAs } = credential?.issuer ?? {}
  if (recordedAs !== undefined) {
    const detail = `The document is unaltered and signed by a key that a chain records for ${id}; no DID document vouches for it any more.`
    return check('proof', 'passed', 'signature-holds-by-chain', detail)
  }
  if (isDidKept === true) {
    const detail = `The document is unaltered and signed by a key of the did.json that was handed in for ${domain ?? id}.`
    return check('proof', 'passed', 'signature-holds-by-kept-did', detail)
  }
  const since = proofs.find((proof) => proof.outcome === 'passed' && proof.compromisedSince !== undefined)
  if (since?.outcome === 'passed' && since.compromisedSince !== undefined) {
    const detail = `The document is unaltered and was in a block before ${formatInstant(since.compromisedSince)}, since when its key is compromised, as ${domain ?? id} says.`
    return check('proof', 'passed', 'signature-holds-by-block', detail)
  }
  return check(
    'proof',
    'passed',
    'signature-holds',
    `The document is unaltered and signed by a key that ${domain ?? id ?? 'the issuer'} published.`,
  )
}
