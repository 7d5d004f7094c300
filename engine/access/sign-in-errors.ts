import { defineError } from '#engine/errors/define-error.ts'

/** Signing in with a provider, the identities of an account, and two accounts that become one. */
export const signInErrors = {
  providerUnknown: defineError<{ provider: string }>(
    'provider-unknown',
    404,
    false,
    'No sign-in provider of this name is set up here. See `GET /v1/sign-in-providers`.',
    ({ provider }) => `There is no sign-in provider ${provider}.`,
  ),
  providerUnavailable: defineError<{ provider: string }>(
    'provider-unavailable',
    503,
    true,
    'The sign-in provider does not answer, or answers something that cannot be used. Try again later, or use a mailed link.',
    ({ provider }) => `${provider} does not answer now. Try again later, or let us mail you a link.`,
  ),
  providerRefused: defineError<{ provider: string; error: string }>(
    'provider-refused',
    403,
    false,
    'The provider did not sign the person in: they stopped, or it does not let them in here. `error` is its word for it.',
    ({ provider }) => `${provider} did not sign you in.`,
  ),
  providerAnswerInvalid: defineError<{ provider: string }>(
    'provider-answer-invalid',
    403,
    false,
    'What the provider answered does not hold: its signature, issuer, audience, nonce, time or strength is not what was asked for. Nobody was signed in. Begin again; where it happens each time, the settings are wrong or somebody interferes.',
    ({ provider }) => `The answer of ${provider} could not be trusted. Nobody was signed in. Begin again.`,
  ),
  signInAttemptInvalid: defineError(
    'sign-in-attempt-invalid',
    403,
    false,
    'The attempt to sign in is unknown, was used, is over, or was begun in another browser or with another provider. Begin again.',
    () => 'This attempt to sign in does not work any more. Begin again in this browser.',
  ),
  noUsableIdentity: defineError<{ provider: string }>(
    'no-usable-identity',
    403,
    false,
    'The provider told nothing that proves who the person is here: for example no e-mail address, or one that it has not verified.',
    ({ provider }) =>
      `${provider} told us nothing that proves who you are: perhaps your e-mail address is not verified there. Sign in by a mailed link.`,
  ),
  signInNotAdmitted: defineError<{ provider: string; claim: string }>(
    'sign-in-not-admitted',
    403,
    false,
    'This installation lets in only some of the people of this provider: see `claim`.',
    ({ provider, claim }) =>
      `With ${provider} only some people can sign in here: yours is not a ${claim} that is let in.`,
  ),
  fullSessionRequired: defineError(
    'full-session-required',
    403,
    false,
    'A session that a claim link opened reaches the badge that it took home and nothing else. Sign in by a mailed link or with a provider.',
    () => 'Sign in again for this: by a mailed link or with a provider.',
  ),
  identityCodeInvalid: defineError(
    'identity-code-invalid',
    403,
    false,
    'The code is wrong, was used, is over, or was tried too often. Ask for a new one.',
    () => 'This code does not work. Look at it again, or ask for a new one.',
  ),
  identityNeeded: defineError<{ identity: string }>(
    'identity-needed',
    409,
    false,
    'An account keeps at least one identity by which its owner can sign in. Add another first.',
    () => 'You could not sign in any more without this. Add another identity first.',
  ),
  mergeInvalid: defineError(
    'merge-invalid',
    409,
    false,
    'The proof is used or over, or one of the accounts has changed since. Prove the identity again.',
    () => 'These two accounts cannot be brought together any more. Prove the identity again.',
  ),
} as const
