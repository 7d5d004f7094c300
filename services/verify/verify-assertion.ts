import { domainOf } from '#engine/credentials/did-web.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import {
  type Assertion,
  type BadgeIssuer,
  isInScope,
  namesScope,
  readAssertion,
  readBadgeIssuer,
  readVerification,
  revocationIn,
} from '#engine/open-badges-2/assertion.ts'
import {
  type AssertionProof,
  judgeAssertion,
  malformedAssertion,
  summariseAssertion,
} from '#engine/open-badges-2/judge-assertion.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { matchAssertionRecipient, type Recipient } from '#engine/verification/recipient.ts'
import type { StatusFact } from '#engine/verification/verification-facts.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { DocumentSource, IssuerTrust } from '#services/ports/verification-sources.ts'

export interface AssertionNeeds {
  readonly suite: Pick<CredentialSuite, 'sha256'>
  readonly documents: DocumentSource
  readonly trust: IssuerTrust
  readonly verifyPemJws: (compact: string, pem: string) => Promise<'holds' | 'wrong' | 'unusable'>
  readonly clock: Clock
}

/**
 * Verifies an assertion of Open Badges 2.0: hosted (what stands at its address, where the issuer vouches for that) or signed
 * (a JWS under a key that the issuer lists). Follows at most five addresses, one after the other: assertion, badge class,
 * issuer, key, revocations. `compact` is the token that the document came in, `recipient` whom it should be of.
 */
export async function verifyAssertion(
  given: JsonObject,
  {
    compact,
    recipient,
  }: { readonly compact?: string | undefined; readonly recipient?: Recipient | undefined },
  needs: AssertionNeeds,
): Promise<VerificationReport> {
  const { suite, documents, trust, clock } = needs
  const checkedAt = clock.now()
  const digest = toHex(credentialDigest(compact ?? given, suite.sha256))
  const verification = readVerification(given['verification'])
  const { id } = given
  if (verification === undefined || typeof id !== 'string') return malformedAssertion(checkedAt)
  const isSigned = verification.kind === 'signed'

  // 1. The assertion: what came is the word of a token; hosted, what stands at its address is.
  const published = isSigned ? given : await documents.fetch(id)
  const unread = unreadProof(published, id)
  if (unread !== undefined || typeof published === 'string') {
    const isGone = published === 'gone'
    const whole = readAssertion(given)
    return judgeAssertion({
      checkedAt,
      proof: unread ?? unavailable(id),
      status: isGone ? { kind: 'set', purpose: 'revocation' } : { kind: 'skipped' },
      summary: whole && summariseAssertion(whole, parts(given, whole, {}), digest, undefined),
    })
  }
  const assertion = readAssertion(published)
  if (assertion === undefined) return malformedAssertion(checkedAt)

  const named =
    recipient === undefined ? {} : { recipient: matchAssertionRecipient(published, recipient, suite.sha256) }

  // 2. Its badge class, and the issuer of that.
  const badge = await follow(assertion.badge, documents)
  const issuerRef = typeof badge === 'string' ? undefined : badge['issuer']
  const issuerAt =
    typeof issuerRef === 'string'
      ? issuerRef
      : isJsonObject(issuerRef ?? null)
        ? (issuerRef as JsonObject)['id']
        : undefined
  // The issuer is always looked up: keys and scope that stand inside of a badge are the word of whoever made it.
  const profile = typeof issuerAt === 'string' ? await documents.fetch(issuerAt) : 'unavailable'
  const issuer = typeof profile === 'string' ? undefined : readBadgeIssuer(profile)
  if (typeof badge === 'string' || typeof profile === 'string' || issuer === undefined) {
    return judgeAssertion({
      checkedAt,
      proof: {
        kind: 'unknown',
        code: 'issuer-unavailable',
        detail: 'The badge class or its issuer could not be fetched.',
      },
      status: { kind: 'skipped' },
      ...named,
      summary: summariseAssertion(
        assertion,
        parts(published, assertion, typeof badge === 'string' ? {} : badge),
        digest,
        undefined,
      ),
    })
  }

  // 3. Whether the issuer vouches for it.
  const proof =
    issuer.id !== issuerAt
      ? failed('proof-key-not-of-issuer', 'What stands at the address of the issuer is of somebody else.')
      : isSigned
        ? await judgeSignature(verification.creator, compact, issuer, needs)
        : judgeHosting(given, published, assertion, issuer)
  const holds = proof.kind === 'hosted' || proof.kind === 'signed'

  // 4. Whether it was taken back.
  const revocation = holds ? await findRevocation(assertion, issuer, documents) : { fact: SKIPPED }
  const known = await trust.look(issuer.id)
  return judgeAssertion({
    checkedAt,
    proof,
    status: revocation.fact,
    ...named,
    ...('reason' in revocation && revocation.reason !== undefined
      ? { revocationReason: revocation.reason }
      : {}),
    summary: summariseAssertion(assertion, { assertion: published, badge, issuer: profile }, digest, known),
  })
}

const SKIPPED: StatusFact = { kind: 'skipped' }

const failed = (code: string, detail: string): AssertionProof => ({ kind: 'failed', code, detail })

const unavailable = (address: string): AssertionProof => ({
  kind: 'unknown',
  code: 'hosted-unavailable',
  detail: `The badge is hosted at ${address}, and could not be fetched from there.`,
})

function unreadProof(published: JsonObject | string, address: string): AssertionProof | undefined {
  if (published === 'gone') return failed('hosted-gone', `Its issuer has taken it away from ${address}.`)
  if (typeof published === 'string') return unavailable(address)
  return published['id'] === address
    ? undefined
    : failed('hosted-differs', `What stands at ${address} is another badge.`)
}

/** What little is known of a badge whose issuer could not be asked. */
const parts = (assertion: JsonObject, { badge }: Assertion, found: JsonObject) => ({
  assertion,
  badge: typeof badge === 'string' ? found : badge,
  issuer: {},
})

async function follow(ref: string | JsonObject, documents: DocumentSource): Promise<JsonObject | string> {
  if (typeof ref !== 'string') return ref
  const found = await documents.fetch(ref)
  return typeof found === 'string' || found['id'] === ref ? found : 'unavailable'
}

/** A copy that says something else than its original is a forgery, or out of date: either way not what the issuer says. */
function judgeHosting(
  given: JsonObject,
  published: JsonObject,
  { id }: Assertion,
  issuer: BadgeIssuer,
): AssertionProof {
  if (!isInScope(id, issuer))
    return failed(
      'hosted-out-of-scope',
      `The issuer ${domainOf(issuer.id) ?? issuer.id} does not vouch for what stands at ${id}.`,
    )
  for (const name of ['recipient', 'badge', 'issuedOn', 'expires'] as const) {
    const [copy, original] = [given[name], published[name]]
    // A badge class may stand in one of them whole, and in the other by its address.
    if (copy === undefined || (name === 'badge' && typeof copy !== typeof original)) continue
    if (original === undefined || canonicalJson(copy) !== canonicalJson(original))
      return failed(
        'hosted-differs',
        `What stands at ${id} has another ${name} than the document that was brought.`,
      )
  }
  return {
    kind: 'hosted',
    address: id,
    ...(namesScope(issuer) ? {} : { onWholeHost: new URL(id).host }),
  }
}

async function judgeSignature(
  creator: string | undefined,
  compact: string | undefined,
  issuer: BadgeIssuer,
  { documents, verifyPemJws }: AssertionNeeds,
): Promise<AssertionProof> {
  if (compact === undefined)
    return failed('proof-missing', 'The badge says that it is signed, and comes without its signature.')
  const listed = issuer.keys.map((key) => (typeof key === 'string' ? key : key['id']))
  const address = creator ?? (listed.length === 1 ? listed[0] : undefined)
  if (typeof address !== 'string' || !listed.includes(address))
    return failed('proof-key-unknown', `The issuer does not publish the key ${creator ?? ''}.`)
  const inside = issuer.keys.find(
    (key): key is JsonObject =>
      typeof key !== 'string' && key['publicKeyPem'] !== undefined && key['id'] === address,
  )
  const key = inside ?? (await documents.fetch(address))
  if (typeof key === 'string')
    return {
      kind: 'unknown',
      code: 'issuer-unavailable',
      detail: 'The key of the issuer could not be fetched.',
    }
  const { id, owner, publicKeyPem } = key
  if (
    id !== address ||
    (owner !== undefined && owner !== issuer.id) ||
    (owner === undefined && inside === undefined)
  )
    return failed('proof-key-not-of-issuer', `The key ${address} does not belong to the issuer.`)
  const found = typeof publicKeyPem === 'string' ? await verifyPemJws(compact, publicKeyPem) : 'unusable'
  if (found === 'unusable')
    return failed('proof-key-unusable', `The key ${address} cannot be used for this token.`)
  return found === 'holds'
    ? { kind: 'signed', key: address }
    : failed('proof-signature-wrong', 'The signature does not fit the token.')
}

/** A hosted badge says itself that it was revoked; a signed one is looked up in the list of its issuer. */
async function findRevocation(
  { id, revoked, revocationReason, verification }: Assertion,
  { id: issuerId, revocationList }: BadgeIssuer,
  documents: DocumentSource,
): Promise<{ readonly fact: StatusFact; readonly reason?: string | undefined }> {
  const set: StatusFact = { kind: 'set', purpose: 'revocation' }
  if (revoked) return { fact: set, reason: revocationReason }
  if (verification.kind === 'hosted') return { fact: { kind: 'clear', purpose: 'revocation' } }
  if (revocationList === undefined) return { fact: { kind: 'none' } }
  const list = await documents.fetch(revocationList)
  if (typeof list === 'string') return { fact: { kind: 'unavailable', list: revocationList } }
  const revocation = revocationIn(list, id)
  if (revocation !== undefined) return { fact: set, reason: revocation.reason }
  return list['issuer'] === issuerId
    ? { fact: { kind: 'clear', purpose: 'revocation' } }
    : { fact: { kind: 'untrusted', reason: 'it is not of the issuer of the badge' } }
}
