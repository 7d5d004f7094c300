import type { Instant } from '#engine/shared/instant.ts'
import type { CheckSource } from '#engine/verification/check-sources.ts'
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
export type WireSource = OverWire<CheckSource>
export type WireCheck = OverWire<Check>
export type WireAnchor = OverWire<AnchorSummary>
export type WireCredential = OverWire<CredentialSummary>
export type WireEndorsement = OverWire<EndorsementReport>
