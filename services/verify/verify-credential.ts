import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type {
  AnchorReader,
  DidResolver,
  IssuerTrust,
  StatusListSource,
} from '#services/ports/verification-sources.ts'

export interface VerifierNeeds {
  readonly suite: CredentialSuite
  readonly resolver: DidResolver
  readonly statusLists: StatusListSource
  readonly anchors: AnchorReader
  readonly trust: IssuerTrust
  readonly clock: Clock
  readonly limits?: DocumentLimits
}

export interface DocumentLimits {
  /** Bytes of JSON text. */
  readonly bytes: number
  readonly depth: number
  /** Objects, arrays and values together. */
  readonly nodes: number
}

export interface VerificationRequest {
  /** The credential as parsed JSON, or a compact JWS. */
  readonly document: JsonObject | string
  /** The receipt as parsed JSON. */
  readonly receipt?: Json
  /** Endorsements that came beside the badge: EndorsementCredentials as parsed JSON, or compact JWS. */
  readonly endorsements?: readonly (JsonObject | string)[]
}

export interface Verifier {
  verify(request: VerificationRequest): Promise<VerificationReport>
}

/** Refuses a document over its limits with `document-too-large` (413). */
export function createVerifier(_needs: VerifierNeeds): Verifier {
  throw new Error('not yet')
}
