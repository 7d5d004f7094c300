import { domainOf } from '#engine/credentials/did-web.ts'
import { hasParts, readPersonalParts } from '#engine/credentials/personal-parts.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { present } from '#engine/shared/present.ts'
import type { KnownAs } from '#engine/verification/credential-summary.ts'
import type { HolderMatch } from '#engine/verification/holder-match.ts'
import { judge, verdictOf } from '#engine/verification/judge.ts'
import type { StatusFact } from '#engine/verification/verification-facts.ts'
import type {
  Check,
  CredentialSummary,
  VerificationReport,
} from '#engine/verification/verification-report.ts'
import type { Assertion } from './assertion.ts'

/** What was found out about an assertion of Open Badges 2.0. */
export interface AssertionFacts {
  readonly checkedAt: Instant
  readonly proof: AssertionProof
  readonly status: StatusFact
  readonly revocationReason?: string
  /** Whether it names the one who was named; undefined where nobody was. */
  readonly recipient?: HolderMatch
  /** Undefined where not enough could be read to say what it is. */
  readonly summary: CredentialSummary | undefined
}

export type AssertionProof =
  | {
      readonly kind: 'hosted'
      readonly address: string
      /** The issuer names no scope: all of its host passes for the issuer's. */
      readonly onWholeHost?: string
    }
  | { readonly kind: 'signed'; readonly key: string }
  | { readonly kind: 'failed' | 'unknown'; readonly code: string; readonly detail: string }

/** The report of an older badge: the same checks as of a credential, and what is said of them in words of its own. */
export function judgeAssertion(facts: AssertionFacts): VerificationReport {
  const { checkedAt, proof, status, revocationReason, recipient, summary } = facts
  const report = judge({
    checkedAt,
    format: { kind: 'readable' },
    schemaFaults: undefined,
    proofs: [],
    status,
    ...(revocationReason === undefined ? {} : { edition: { kind: 'revoked', reason: revocationReason } }),
    ...(recipient === undefined ? {} : { recipient }),
    anchor: { kind: 'no-receipt' },
    achievement: { kind: 'not-looked-up' },
    endorsements: [],
    credential: summary,
  })
  const checks = report.checks.map((check) => {
    if (check.name === 'format')
      return {
        ...check,
        code: 'assertion-readable',
        detail: 'The document is an assertion of Open Badges 2.0.',
      }
    return check.name === 'proof' ? judgeProof(proof) : check
  })
  const host = proof.kind === 'hosted' ? proof.onWholeHost : undefined
  const notProved =
    host === undefined
      ? report.notProved
      : [
          ...report.notProved,
          `That whoever put the badge on ${host} is its issuer: the issuer names no addresses of its own, so all of that host passes for it.`,
        ]
  return { ...report, checks, notProved, verdict: verdictOf(checks) }
}

/** Of what is no whole assertion. */
export const malformedAssertion = (checkedAt: Instant): VerificationReport =>
  judge({
    checkedAt,
    format: {
      kind: 'unreadable',
      code: 'assertion-malformed',
      detail: 'The document calls itself an assertion of Open Badges 2.0 and lacks what one must have.',
    },
    schemaFaults: undefined,
    proofs: [],
    status: { kind: 'none' },
    anchor: { kind: 'no-receipt' },
    achievement: { kind: 'not-looked-up' },
    endorsements: [],
    credential: undefined,
  })

function judgeProof(proof: AssertionProof): Check {
  switch (proof.kind) {
    case 'hosted':
      return {
        name: 'proof',
        outcome: 'passed',
        code: 'hosted-by-issuer',
        detail: `The badge stands at ${proof.address}, for which its issuer vouches. It is not signed: it is what that server says now.`,
      }
    case 'signed':
      return {
        name: 'proof',
        outcome: 'passed',
        code: 'signature-holds',
        detail: `The document is unaltered and signed by the key ${proof.key}, which its issuer publishes.`,
      }
    default:
      return { name: 'proof', outcome: proof.kind, code: proof.code, detail: proof.detail }
  }
}

/** What a page shows of it, all of it as the issuer's documents say. */
export function summariseAssertion(
  assertion: Assertion,
  documents: { readonly assertion: JsonObject; readonly badge: JsonObject; readonly issuer: JsonObject },
  digest: Hex,
  known: KnownAs | undefined,
): CredentialSummary {
  const { badge, issuer } = documents
  const name = text(badge['name'])
  const issuerId = text(issuer['id'])
  const parts = readPersonalParts({
    credentialSubject: { narrative: documents.assertion['narrative'] ?? '' },
    evidence: documents.assertion['evidence'] ?? [],
  })
  const image = text(badge['image']) ?? text(objectOf(badge['image'])?.['id'])
  return present({
    id: assertion.id,
    types: ['Assertion'],
    name,
    issuer:
      issuerId === undefined
        ? undefined
        : present({
            id: issuerId,
            name: known?.name ?? text(issuer['name']),
            url: text(issuer['url']),
            domain: domainOf(issuerId),
            known: known !== undefined,
            knownBy: known?.by,
          }),
    achievement: present({
      id: text(badge['id']),
      name,
      description: text(badge['description']),
      criteria: text(objectOf(badge['criteria'])?.['narrative']) ?? text(badge['criteria']),
      // A picture inside of the document is a megabyte of text, and nothing to show as an address.
      image: image === undefined || !/^https?:/.test(image) ? undefined : { id: image },
    }),
    awardedDate: assertion.issuedOn,
    validFrom: assertion.issuedOn,
    validUntil: assertion.expires,
    parts: hasParts(parts) ? parts : undefined,
    test: false,
    digest,
  })
}

const objectOf = (value: Json | undefined): JsonObject | undefined =>
  isJsonObject(value ?? null) ? (value as JsonObject) : undefined

const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
