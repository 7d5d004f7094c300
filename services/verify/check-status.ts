import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { isTtl, readStatusBit, STATUS_LIST_LOWER_BOUND } from '#engine/credentials/status-list.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject, printJson } from '#engine/shared/json.ts'
import { validFrom, validUntil } from '#engine/verification/credential-summary.ts'
import type { StatusFact, StatusPurpose } from '#engine/verification/verification-facts.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { StatusListSource } from '#services/ports/verification-sources.ts'
import { allHold, checkProofs, type ReadCredential } from './check-proofs.ts'
import { checkRevocationList } from './check-revocation-list.ts'
import { type DocumentLimits, isWithin } from './document-limits.ts'
import { issuerIdOf, readFormat } from './read-format.ts'
import type { FindDid } from './resolve-key.ts'

/** More lists than this would make a verifier fetch for somebody else. */
const MAX_ENTRIES = 4

export interface StatusNeeds {
  readonly suite: CredentialSuite
  readonly findDid: FindDid
  readonly statusLists: StatusListSource
  readonly limits: DocumentLimits
  readonly now: Instant
  /** The origin for which this verifier answers from its own database. */
  readonly registry?: string | undefined
  /** The badge's key counts by a chain's record alone: whatever its domain serves by now, the issuer need not have said it. */
  readonly isDomainLost?: boolean
}

/**
 * Looks up every status entry for revocation or suspension (Bitstring Status List v1.0, section 3.2). The worst finding counts.
 * Call it only for a document whose proof holds: it fetches from addresses that the document names.
 */
export async function checkStatus(document: JsonObject, needs: StatusNeeds): Promise<StatusFact> {
  const status = document['credentialStatus']
  if (status === undefined) return { kind: 'none' }
  const entries = isJsonArray(status) ? status : [status]
  if (entries.length === 0) return { kind: 'none' }
  if (entries.filter((entry) => !isForSomethingElse(entry)).length > MAX_ENTRIES)
    return { kind: 'malformed', reason: `more than ${MAX_ENTRIES} entries` }
  const facts: StatusFact[] = []
  for (const entry of entries) facts.push(await checkEntry(entry, document, needs))
  return BY_WEIGHT.map((weighs) => facts.find(weighs)).find((fact) => fact !== undefined) ?? OTHER_PURPOSE
}

const OTHER_PURPOSE: StatusFact = { kind: 'other-purpose' }

/** The worst first. A clear bit for revocation says more than one for suspension, and another purpose says nothing. */
const BY_WEIGHT: readonly ((fact: StatusFact) => boolean)[] = [
  (fact) => fact.kind === 'set' && fact.purpose === 'revocation',
  (fact) => fact.kind === 'set',
  (fact) => fact.kind !== 'clear' && fact.kind !== 'other-purpose',
  (fact) => fact.kind === 'clear' && fact.purpose === 'revocation',
  (fact) => fact.kind === 'clear',
]

/** A bit for `refresh` or `message` says nothing of whether the credential stands, so nobody is asked for it. */
const isForSomethingElse = (entry: Json): boolean =>
  isJsonObject(entry) &&
  entry['type'] === 'BitstringStatusListEntry' &&
  typeof entry['statusPurpose'] === 'string' &&
  !isDeciding(entry['statusPurpose'])

const isDeciding = (purpose: string): purpose is StatusPurpose =>
  purpose === 'revocation' || purpose === 'suspension'

async function checkEntry(entry: Json, document: JsonObject, needs: StatusNeeds): Promise<StatusFact> {
  if (!isJsonObject(entry)) return { kind: 'malformed', reason: 'it is no object' }
  const { type, statusListIndex, statusListCredential: list, statusPurpose: purpose, statusSize } = entry
  if (type === '1EdTechRevocationList') return checkOlderList(entry, document, needs)
  if (type !== 'BitstringStatusListEntry')
    return { kind: 'unsupported', type: printJson(type ?? 'none').slice(0, 80) }
  if (typeof purpose !== 'string') return { kind: 'malformed', reason: 'it has no purpose' }
  if (!isDeciding(purpose)) return OTHER_PURPOSE
  if (statusSize !== undefined && statusSize !== 1)
    return { kind: 'unsupported', type: 'BitstringStatusListEntry with several bits' }
  const index = readIndex(statusListIndex)
  if (index === undefined) return { kind: 'malformed', reason: 'its index is no number' }
  if (typeof list !== 'string' || !isFetchable(list))
    return { kind: 'malformed', reason: 'its list has no https address' }

  // Whoever has the domain by now may sign a list of any bits, so it is not even fetched.
  if (needs.isDomainLost === true) return DOMAIN_LOST
  const read = await readList(list, purpose, needs)
  if ('kind' in read) return read
  const bit = readStatusBit(read.bits, index)
  if (bit === undefined) return { kind: 'malformed', reason: 'its index is beyond the end of the list' }
  // The badge names this list under its own signature, so a set bit counts whoever keeps the list. That all is well
  // is for the issuer alone to say.
  if (bit) return { kind: 'set', purpose }
  if (read.issuerId !== issuerIdOf(document)) {
    return { kind: 'untrusted', reason: 'it is issued by somebody else than the badge' }
  }
  // A short list tells its keeper who is asked about (Bitstring Status List v1.0, section 3.2, step 9).
  if (read.bits.length * 8 < STATUS_LIST_LOWER_BOUND) {
    return { kind: 'untrusted', reason: 'it has fewer entries than 100,000' }
  }
  if (!read.hasTtl) return { kind: 'untrusted', reason: 'its ttl is no number of milliseconds' }
  // Or another list of the same issuer, in which the badge is not revoked, could stand in for it.
  if (read.id !== list) return { kind: 'untrusted', reason: 'it has another id than its address' }
  return { kind: 'clear', purpose }
}

async function checkOlderList(
  entry: JsonObject,
  document: JsonObject,
  needs: StatusNeeds,
): Promise<StatusFact> {
  const { id: address } = entry
  if (typeof address !== 'string' || !isFetchable(address))
    return { kind: 'malformed', reason: 'its list has no https address' }
  if (needs.isDomainLost === true) return DOMAIN_LOST
  return checkRevocationList(address, document, needs.statusLists)
}

const DOMAIN_LOST: StatusFact = {
  kind: 'untrusted',
  reason: 'no DID document vouches for the issuer any more',
}

interface StatusList {
  readonly bits: Uint8Array
  readonly issuerId: string
  readonly id: string
  /** For how long it may be kept is said in a way that can be read, or not at all. Here each is fetched when it is asked about. */
  readonly hasTtl: boolean
}

/** A list counts only when its issuer signed it, it is for the purpose asked, and it is in date. */
async function readList(url: string, purpose: string, needs: StatusNeeds): Promise<StatusList | StatusFact> {
  const { suite, statusLists, limits, now } = needs
  const untrusted = (reason: string): StatusFact => ({ kind: 'untrusted', reason })
  const fetched = await statusLists.fetch(url)
  if (fetched === 'unavailable') return { kind: 'unavailable', list: url }
  const list = readFetched(fetched, suite)
  if (list === undefined) return untrusted('it is no credential')
  // A list is a few values around one long text, so that text alone may be long.
  if (!isWithin(list.document, { ...limits, bytes: limits.bytes * 4 })) return untrusted('it is too large')
  if (
    readFormat(list.document).kind !== 'readable' ||
    !hasType(list.document, 'BitstringStatusListCredential')
  ) {
    return untrusted('it is no status list credential')
  }
  const { id, credentialSubject: subject } = list.document
  if (!isJsonObject(subject) || !hasType(subject, 'BitstringStatusList')) return untrusted('it holds no list')
  const purposes = isJsonArray(subject['statusPurpose'] ?? null)
    ? (subject['statusPurpose'] as readonly Json[])
    : [subject['statusPurpose']]
  if (!purposes.includes(purpose)) return untrusted('it is for another purpose')
  const [from, until] = [validFrom(list.document), validUntil(list.document)]
  if (from !== undefined && from > now) return untrusted('it is not valid yet')
  if (until !== undefined && until <= now) return untrusted('it has expired')
  if (!allHold(await checkProofs(list, needs))) return untrusted('its proof does not hold')
  const encoded = subject['encodedList']
  const bits = typeof encoded === 'string' ? await suite.decodeStatusList(encoded) : undefined
  if (bits === undefined) return untrusted('its bits cannot be unpacked')
  return {
    bits,
    issuerId: issuerIdOf(list.document) ?? '',
    id: typeof id === 'string' ? id : url,
    hasTtl: isTtl(subject['ttl']),
  }
}

function readFetched(fetched: JsonObject | string, suite: CredentialSuite): ReadCredential | undefined {
  if (typeof fetched !== 'string') return { document: fetched }
  const reading = suite.readJwt(fetched)
  return reading.ok ? { document: reading.credential, compact: fetched } : undefined
}

function readIndex(value: Json | undefined): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined
}

function isFetchable(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
}

function hasType(document: JsonObject, type: string): boolean {
  const types = document['type'] ?? null
  return isJsonArray(types) ? types.includes(type) : types === type
}
