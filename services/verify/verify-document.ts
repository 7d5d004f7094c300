import { envelopeType } from '#engine/credentials/data-model/enveloped-document.ts'
import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'
import type { AnyReport } from '#engine/verification/presentation-report.ts'
import { verificationErrors } from '#engine/verification/verification-errors.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { DOCUMENT_LIMITS, refuseLarge } from './document-limits.ts'
import type { VerificationRequest, Verifier } from './verify-credential.ts'
import type { PresentationVerifier } from './verify-presentation.ts'

export interface DocumentRequest extends VerificationRequest {
  /** What the reader had the holder answer, and for whom: of a presentation. */
  readonly challenge?: string
  readonly domain?: string | readonly string[]
}

export interface DocumentVerifier {
  /** Throws `document-too-large` (413) and `nothing-presented` (422) before any work; everything else is an answer. */
  verify(request: DocumentRequest): Promise<AnyReport>
}

/** Verifies credentials, and presentations with credentials in them: what a document is shows in its type, or in its token. */
export const createDocumentVerifier = ({
  credentials,
  presentations,
  suite,
}: {
  readonly credentials: Verifier
  readonly presentations: PresentationVerifier
  readonly suite: Pick<CredentialSuite, 'readJwt'>
}): DocumentVerifier => ({
  verify: async ({ challenge, domain, ...request }) => {
    const { document, picture: _, ...beside } = request
    refuseLarge(document, DOCUMENT_LIMITS)
    if (isPresentation(document, suite))
      return presentations.verify({
        presentation: document,
        beside,
        ...(challenge === undefined ? {} : { challenge }),
        ...(domain === undefined ? {} : { domain }),
      })
    // A credential answers nothing, and whoever asked would take a good one for an answer.
    if (challenge !== undefined || domain !== undefined) throw verificationErrors.nothingPresented({})
    return credentials.verify(request)
  },
})

/** Whether a document calls itself a presentation, and no credential as well. */
export function isPresentation(
  document: JsonObject | string,
  { readJwt }: Pick<CredentialSuite, 'readJwt'>,
): boolean {
  if (typeof document === 'string') {
    const reading = readJwt(document)
    return reading.ok && reading.holds === 'presentation'
  }
  if (envelopeType(document) === 'EnvelopedVerifiablePresentation') return true
  const { type = null } = document
  const types = isJsonArray(type) ? type : [type]
  return types.includes('VerifiablePresentation') && !types.includes('VerifiableCredential')
}
