import type { Hex } from '#engine/shared/bytes.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check, IssuerSummary, ListedAs } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** Whether this verifier knows who signed, by a setting or a list. A good signature does not make an issuer known. */
export function judgeIssuer({ credential, trustLists }: VerificationFacts): Check {
  const issuer = credential?.issuer
  if (issuer?.recordedAs !== undefined) return judgeRecorded(issuer.recordedAs, issuer)
  const who = issuer?.domain ?? issuer?.id ?? 'The issuer'
  if (issuer?.known === true) {
    const detail =
      issuer.listed === undefined
        ? `${who} is an issuer that this verifier knows.`
        : `${who} is an issuer for whom a trust list vouches: ${vouching(issuer.listed)}.`
    return issuer.knownAs === undefined
      ? check('issuer', 'passed', issuer.listed === undefined ? 'issuer-known' : 'issuer-listed', detail)
      : check(
          'issuer',
          'passed',
          'issuer-known-by-number',
          `${who} has the number ${issuer.knownAs} on chain, by which this verifier knows it.`,
        )
  }
  // That nobody knows it may be because a list that would have known it counts for nothing.
  const useless = (trustLists ?? []).find(({ outcome }) => outcome !== 'passed')
  const hint = useless === undefined ? '' : ` A trust list counts for nothing: ${useless.detail}`
  return check(
    'issuer',
    'unknown',
    'issuer-unknown',
    `${who} is not an issuer that this verifier knows; a good signature does not change that.${hint}`,
  )
}

/** Which list, of whom, as of when. */
function vouching({ list }: ListedAs): string {
  const { name, version, publisher, signedAt } = list
  const asOf = signedAt === undefined ? '' : `, as of ${formatInstant(signedAt)}`
  return `“${name ?? list.from}”, version ${version ?? '?'}, of ${publisher?.domain ?? publisher?.id ?? 'nobody'}${asOf}`
}

/** Anybody can record any DID on a chain: only its number there, which commits to the first key, names an issuer. */
function judgeRecorded(number: Hex, { id, domain, known }: IssuerSummary): Check {
  const who = domain ?? id
  return known
    ? check(
        'issuer',
        'passed',
        'issuer-known-on-chain',
        `${who}, as recorded on chain under ${number}, is an issuer that this verifier knows by that number.`,
      )
    : check(
        'issuer',
        'unknown',
        'issuer-recorded-only',
        `A chain records ${who} under ${number}, where anybody can record any name. Rely on it only if you know that number.`,
      )
}
