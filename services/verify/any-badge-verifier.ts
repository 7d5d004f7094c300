import { isAssertion } from '#engine/open-badges-2/assertion.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { DOCUMENT_LIMITS, refuseLarge } from './document-limits.ts'
import { type AssertionNeeds, verifyAssertion } from './verify-assertion.ts'
import type { Verifier } from './verify-credential.ts'

/** Verifies credentials, and badges of Open Badges 2.0 beside them: what a document is shows in its context and type. */
export const createAnyBadgeVerifier = (
  verifier: Verifier,
  needs: AssertionNeeds & { readonly suite: Pick<CredentialSuite, 'sha256' | 'readJwt'> },
): Verifier => ({
  verify: async (request) => {
    const { document: given } = request
    refuseLarge(given, DOCUMENT_LIMITS)
    const reading = typeof given === 'string' ? needs.suite.readJwt(given) : undefined
    const document = typeof given === 'string' ? (reading?.ok === true ? reading.claims : undefined) : given
    if (document === undefined || !isAssertion(document)) return verifier.verify(request)
    refuseLarge(document, DOCUMENT_LIMITS)
    return verifyAssertion(
      document,
      { compact: typeof given === 'string' ? given : undefined, recipient: request.recipient },
      needs,
    )
  },
})
