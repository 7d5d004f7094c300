import type { Instant } from '#engine/shared/instant.ts'
import type { Check, Verdict, VerificationReport } from './verification-report.ts'

export type PresentationCheckName =
  /** It can be read and is a verifiable presentation. */
  | 'format'
  /** Every proof was made to present, with the challenge and for the domain that were asked for. */
  | 'proof'
  /** It answers what the verifier asked, and is no copy of what was shown to somebody else. Made only where something was asked. */
  | 'challenge'
  /** The holder that it names is the one who signed it. */
  | 'holder'
  /** Each credential in it, by its own report. */
  | 'credentials'

export type PresentationCheck = Omit<Check, 'name'> & { readonly name: PresentationCheckName }

export interface PresentationReport {
  readonly verdict: Verdict
  readonly checkedAt: Instant
  readonly checks: readonly PresentationCheck[]
  /** Whoever presents: who the presentation names, or else whose key signed it. Present only where the proof holds. */
  readonly holder?: string
  /** In the order of the presentation. Empty where a proof of it is wrong, as nothing is fetched for it then. */
  readonly credentials: readonly VerificationReport[]
  /** What the report does not say, one English sentence each, besides what those of the credentials list. */
  readonly notProved: readonly string[]
}

/** What was handed in is a credential or a presentation of some, and each has a report of its own kind. */
export type AnyReport = VerificationReport | PresentationReport

export const isPresentationReport = (report: AnyReport): report is PresentationReport =>
  'credentials' in report
