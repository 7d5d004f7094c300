import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { PresentationReport } from '#engine/verification/presentation-report.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { DOCUMENT_LIMITS, refuseLarge } from '#services/verify/document-limits.ts'
import type { PresentationVerifier } from '#services/verify/verify-presentation.ts'
import type { createChangeStatus } from './change-status.ts'
import type { DidKeyIssuer } from './did-key-issuer.ts'
import type { createIssueCredentials } from './issue-credentials.ts'
import type { createListSigned } from './list-signed.ts'

/** Everything under `/vc`. */
export interface VcApi {
  readonly issue: ReturnType<typeof createIssueCredentials>
  readonly changeStatus: ReturnType<typeof createChangeStatus>
  readonly listSigned: ReturnType<typeof createListSigned>
  /** Throws `document-too-large`, `no-base-proof`, `pointers-unmatched`, `credential-unfit`. */
  readonly derive: (document: JsonObject, pointers: readonly string[]) => Promise<JsonObject>
  readonly verify: (input: { readonly document: JsonObject }) => Promise<VerificationReport>
  readonly verifyPresentation: (
    ...input: Parameters<PresentationVerifier['verify']>
  ) => Promise<PresentationReport>
  /** Of the built-in issuer. Throws `not-found`. */
  readonly statusList: (number: number) => Promise<Uint8Array>
  /** Whether there is a built-in issuer that asks nobody for a key. */
  readonly isOpen: boolean
}

export const createVcApi = ({
  didKeyIssuer,
  suite,
  ...parts
}: Pick<VcApi, 'issue' | 'changeStatus' | 'listSigned' | 'verify' | 'verifyPresentation'> & {
  readonly didKeyIssuer: DidKeyIssuer | undefined
  readonly suite: CredentialSuite
}): VcApi => ({
  ...parts,
  derive: async (document, pointers) => {
    refuseLarge(document, DOCUMENT_LIMITS)
    return suite.derive(document, pointers)
  },
  statusList: async (number) => {
    if (didKeyIssuer === undefined) throw errors.notFound({ what: 'status list', id: String(number) })
    return didKeyIssuer.statusList(number)
  },
  isOpen: didKeyIssuer !== undefined,
})
