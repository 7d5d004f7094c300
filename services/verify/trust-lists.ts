import { domainOf } from '#engine/credentials/did-web.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject, printJson } from '#engine/shared/json.ts'
import { findListed, indexTrustList, type TrustListIndex } from '#engine/verification/find-listed.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import { parseTrustList, type TrustList } from '#engine/verification/trust-list.ts'
import type { TrustListCode, TrustListReport } from '#engine/verification/trust-list-report.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { GivenTrustList, KnownIssuer } from '#services/ports/verification-sources.ts'
import { type FindDid, keysOf } from './resolve-key.ts'

/** More lists than this make no verdict clearer. */
export const MAX_TRUST_LISTS = 16

const MAX_PROOF = 4_000

/** A list with more issuers takes milliseconds at each step: others have their turn between two of them. */
const LONG_LIST = 200

/** A list with what came of looking at it. `index` only where it counts. */
export interface CheckedTrustList {
  readonly report: TrustListReport
  readonly index?: TrustListIndex
}

export interface TrustListNeeds {
  readonly suite: CredentialSuite
  readonly findDid: FindDid
  readonly now: Instant
  /** DIDs of publishers, or single keys of them (`DID#KEY`), that the reader believes. */
  readonly keys: readonly string[]
}

/**
 * Checks a list: its form, who signed it, and whether it is in date. A signature by a key that nobody named is worth
 * nothing, as anybody can sign a list of their own.
 */
export async function checkTrustList(
  { from, json }: GivenTrustList,
  { suite, findDid, now, keys }: TrustListNeeds,
): Promise<CheckedTrustList> {
  // 1. Read it.
  const refused = (code: TrustListCode, detail: string, more: Partial<TrustListReport> = {}) => ({
    report: { from, outcome: 'failed' as const, code, detail, ...more },
  })
  if (json === undefined) return refused('trust-list-unreadable', 'The trust list cannot be read.')
  const reading = parseTrustList(json)
  if (!reading.ok)
    return refused(
      'trust-list-malformed',
      `It is no trust list: ${reading.member} is missing, wrong or unknown.`,
    )
  const { list } = reading
  const document = json as JsonObject
  if (list.issuers.length > LONG_LIST) await suite.nextTurn()
  const told = { ...tell(list), digest: toHex(suite.sha256(utf8(canonicalJson(document)))) }
  if (list.issuers.length > LONG_LIST) await suite.nextTurn()

  // 2. Who signed it.
  const proof = soleProof(document['proof'])
  if (proof === undefined)
    return refused('trust-list-unsigned', 'The trust list has no signature, or several.', told)
  // The other suites need a JSON-LD context, and a list has none.
  const isPlain = /^(?:eddsa|ecdsa)-jcs-20\d\d$/.test(printJson(proof['cryptosuite']))
  if (!isPlain || JSON.stringify(proof).length > MAX_PROOF)
    return refused(
      'trust-list-proof-refused',
      'The signature of the trust list is not of a kind that lists have.',
      told,
    )
  const method = proof['verificationMethod']
  const isNamed = keys.includes(list.publisher.id) || (typeof method === 'string' && keys.includes(method))
  if (!isNamed) {
    const detail = `The trust list is signed for ${list.publisher.id}, and nobody named that key as one to believe.`
    return refused('trust-list-key-unnamed', detail, told)
  }
  const findings = await suite.verifyProofs(document, keysOf(list.publisher.id, findDid), now)
  const bad = findings.find(({ outcome }) => outcome !== 'passed')
  if (bad !== undefined) return { report: { from, ...wrongProof(bad), ...told } }
  const [good] = findings
  const signedAt = good?.outcome === 'passed' && good.created !== undefined ? { signedAt: good.created } : {}

  // 3. Whether it is in date.
  const all = { ...told, ...signedAt }
  if (now < list.validFrom)
    return refused(
      'trust-list-not-begun',
      `The trust list counts from ${formatInstant(list.validFrom)} on.`,
      all,
    )
  if (now >= list.validUntil)
    return refused('trust-list-expired', `The trust list ended at ${formatInstant(list.validUntil)}.`, all)
  const who = domainOf(list.publisher.id) ?? list.publisher.id
  const detail = `The trust list “${list.name}”, version ${list.version}, is signed by ${who} and counts until ${formatInstant(list.validUntil)}.`
  return {
    report: { from, outcome: 'passed', code: 'trust-list-holds', detail, ...all },
    index: indexTrustList(list),
  }
}

/** The issuer as the first list has it that counts and names it. */
export function lookInLists(
  lists: readonly CheckedTrustList[],
  issuerId: string,
  issuedAt: Instant | undefined,
): KnownIssuer | undefined {
  for (const { report, index } of lists) {
    const found = index === undefined ? undefined : findListed(index, issuerId, issuedAt)
    if (found === undefined) continue
    const { name, domain, brin, ror } = found
    return {
      by: 'list',
      name,
      list: report,
      ...(domain === undefined ? {} : { domain }),
      ...(brin === undefined ? {} : { brin }),
      ...(ror === undefined ? {} : { ror }),
    }
  }
  return undefined
}

function tell({ id, name, version, publisher, validFrom, validUntil, issuers }: TrustList) {
  const domain = domainOf(publisher.id)
  return {
    id,
    name,
    version,
    publisher: { ...publisher, ...(domain === undefined ? {} : { domain }) },
    validFrom,
    validUntil,
    issuers: issuers.length,
  }
}

function soleProof(proof: Json | undefined): JsonObject | undefined {
  const [first, ...more] = proof === undefined ? [] : isJsonArray(proof) ? proof : [proof]
  return isJsonObject(first) && more.length === 0 ? first : undefined
}

function wrongProof(bad: ProofFinding): Pick<TrustListReport, 'outcome' | 'code' | 'detail'> {
  if (bad.outcome === 'failed' && bad.code === 'proof-signature-wrong') {
    const detail = 'The signature does not fit the trust list: one of the two was changed.'
    return { outcome: 'failed', code: 'trust-list-altered', detail }
  }
  if (bad.outcome === 'unknown' && bad.code === 'issuer-unavailable') {
    const detail = 'The keys of the publisher of the trust list could not be fetched.'
    return { outcome: 'unknown', code: 'trust-list-key-unavailable', detail }
  }
  const why = bad.outcome === 'passed' ? '' : `: ${bad.code}`
  return {
    outcome: 'failed',
    code: 'trust-list-proof-refused',
    detail: `The signature of the trust list does not count${why}.`,
  }
}
