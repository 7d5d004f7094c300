import { asOfBlock } from './as-of-block.ts'
import type { VerificationFacts } from './verification-facts.ts'

/** What a report does not say, however good it is: for whoever might take it for more. */
export function notProved({
  anchor,
  credential,
  isDidKept,
  recipient,
}: VerificationFacts): readonly string[] {
  const statements = [
    'That the person who shows this badge is the one who earned it.',
    'That what the issuer says of the earner is true, or that the issuer is accredited.',
  ]
  const { issuer } = credential ?? {}
  if (recipient === 'yes')
    statements.push('That whoever shows this badge holds the address or number that was compared.')
  if (issuer?.listed !== undefined)
    statements.push(
      `That the trust list is right: ${issuer.listed.list.publisher?.domain ?? 'its publisher'} answers for who stands in it.`,
    )
  if (isDidKept === true && issuer?.recordedAs === undefined)
    statements.push(
      `That the did.json that was handed in is what ${issuer?.domain ?? 'the issuer'} publishes.`,
    )
  if (anchor.kind === 'disclosure')
    statements.push('That this is all that the issuer said: its earner may have left parts out.')
  if (anchor.kind !== 'on-chain')
    return [...statements, 'When the document came to be: no anchor was read on a chain.']
  statements.push(
    'When the badge was awarded: an anchor shows that these bytes existed no later than its block.',
  )
  const { asOf } = anchor.summary
  if (asOf !== undefined)
    statements.push(`What the chain has held since ${asOfBlock(anchor.summary, asOf)}, such as a revocation.`)
  if (!anchor.isProved)
    statements.push('That the endpoint of the chain told the truth: nothing that it said was proved.')
  if (anchor.summary.independent !== true) {
    statements.push(
      `That the time of the anchor is right: the chain may be run by ${credential?.issuer?.domain ?? 'the issuer'} itself or its service.`,
    )
  }
  return statements
}
