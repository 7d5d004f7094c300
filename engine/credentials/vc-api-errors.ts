import { defineError } from '#engine/errors/define-error.ts'

/** What VC-API refuses with, beside the errors of credentials. */
export const vcApiErrors = {
  credentialRefused: defineError<{
    faults: readonly { readonly code: string; readonly path: string; readonly message: string }[]
  }>(
    'credential-refused',
    400,
    false,
    'The credential breaks a MUST of the VC Data Model, names a context that is not built in, or has a term that no context defines. Nothing was signed. `faults` says what and where, as JSON pointers.',
    ({ faults }) =>
      `The credential is refused: ${faults
        .slice(0, 5)
        .map(({ path, message }) => `${path || '/'} ${message}`)
        .join('; ')}.`,
  ),
  credentialIssuerRefused: defineError<{ issuer: string }>(
    'credential-issuer-refused',
    400,
    false,
    'The issuer of the credential must be the DID of an issuer for which the caller may sign. It may be left out where there is just one of these.',
    ({ issuer }) => `You cannot sign as ${issuer.slice(0, 200)}.`,
  ),
  credentialIssuerMissing: defineError(
    'credential-issuer-missing',
    400,
    false,
    'The caller may sign for no issuer, or for several. Name the DID of one as `issuer` of the credential.',
    () => 'The credential names no issuer, and there is not just one for which you may sign.',
  ),
  credentialHasProof: defineError(
    'credential-has-proof',
    400,
    false,
    'A credential is signed once, as a whole. Send it without `proof`.',
    () => 'The credential has a proof already.',
  ),
  statusPurposeRefused: defineError<{ statusPurpose: string }>(
    'status-purpose-refused',
    400,
    false,
    'An issuer has status lists for `revocation`, `suspension`, `refresh` and `message`. Ask for one entry for each purpose at most.',
    ({ statusPurpose }) =>
      `There is no status list here for ${statusPurpose.slice(0, 80)}, or it was asked for twice.`,
  ),
  statusStays: defineError(
    'status-stays',
    422,
    false,
    'A revocation cannot be taken back: its bits only grow. Have a new credential signed.',
    () => 'A revocation that is set stays set.',
  ),
} as const
