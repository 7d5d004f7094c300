import type { Instant } from '#engine/shared/instant.ts'
import type { Check, Verdict, VerificationReport } from './verification-report.ts'

export type PresentationCheckName =
  /** It can be read and is a verifiable presentation. */
  | 'format'
  /** Every proof was made to present, with the challenge and for the domain that were asked for. */
  | 'proof'
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
  /** In the order of the presentation. Empty where its proof does not hold, as nothing is fetched for it then. */
  readonly credentials: readonly VerificationReport[]
}
