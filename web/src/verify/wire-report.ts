import type { Instant } from '#engine/shared/instant.ts'
import type { CheckSource } from '#engine/verification/check-sources.ts'
import type { PresentationCheck, PresentationReport } from '#engine/verification/presentation-report.ts'
import type {
  AnchorSummary,
  Check,
  CredentialSummary,
  EndorsementReport,
  VerificationReport,
} from '#engine/verification/verification-report.ts'

/** A value as it comes over the wire: instants are RFC 3339 text. */
type OverWire<T> = T extends Instant
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly OverWire<Item>[]
      : { readonly [Member in keyof T]: OverWire<T[Member]> }

export type WireReport = OverWire<VerificationReport>
export type WirePresentation = OverWire<PresentationReport>
export type WireAnyReport = WireReport | WirePresentation
export type WireSource = OverWire<CheckSource>
export type WireCheck = OverWire<Check> | OverWire<PresentationCheck>
export type WireAnchor = OverWire<AnchorSummary>
export type WireCredential = OverWire<CredentialSummary>
export type WireEndorsement = OverWire<EndorsementReport>

export const isWirePresentation = (report: WireAnyReport): report is WirePresentation =>
  'credentials' in report
