import { defineError } from './define-error.ts'

/** One thing that is wrong with a request. `pointer` is a JSON Pointer (RFC 6901) into that part of it. */
export interface RequestFault {
  readonly in: 'path' | 'query' | 'header' | 'body'
  readonly pointer: string
  readonly code: string
  readonly message: string
}

const plural = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`

/** What any part of the product may refuse with. */
export const commonErrors = {
  notFound: defineError<{ what: string; id?: string }>(
    'not-found',
    404,
    false,
    'The thing does not exist, or the caller may not know that it does. Check the id and the organisation.',
    ({ what, id }) => (id === undefined ? `There is no such ${what}.` : `There is no ${what} ${id}.`),
  ),
  noSuchPath: defineError(
    'no-such-path',
    404,
    false,
    'Nothing answers at this path. See /openapi.json for the paths that there are.',
    () => 'There is nothing at this path.',
  ),
  methodNotAllowed: defineError<{ allow: readonly string[] }>(
    'method-not-allowed',
    405,
    false,
    'The path exists, the method does not. The Allow header names those that do.',
    ({ allow }) => `This path answers to ${allow.join(', ')} only.`,
  ),
  requestIncomplete: defineError(
    'request-incomplete',
    400,
    true,
    'The connection ended before the whole request had come. Send it again.',
    () => 'The request ended before it was whole.',
  ),
  unsupportedMediaType: defineError<{ accepted: readonly string[] }>(
    'unsupported-media-type',
    415,
    false,
    'The Content-Type is missing, is not one that the operation takes, or has a charset other than UTF-8.',
    ({ accepted }) =>
      accepted.length === 0 ? 'This operation takes no body.' : `Send a body of type ${accepted.join(', ')}.`,
  ),
  unsupportedContentEncoding: defineError(
    'unsupported-content-encoding',
    415,
    false,
    'Compressed bodies are not taken. Send the body as it is.',
    () => 'Send the body without Content-Encoding.',
  ),
  bodyTooLarge: defineError<{ maxBytes: number }>(
    'body-too-large',
    413,
    false,
    'The body is larger than the operation takes. Send less at once.',
    ({ maxBytes }) => `The body may have ${maxBytes} bytes at most.`,
  ),
  malformedUrl: defineError(
    'malformed-url',
    400,
    false,
    'The URL holds a broken percent-encoding, invalid UTF-8 or a NUL.',
    () => 'The URL cannot be decoded.',
  ),
  malformedJson: defineError<{ reason: string; position: number; detail: string }>(
    'malformed-json',
    400,
    false,
    'The body is not I-JSON (RFC 7493): see `reason` and `position`. Duplicate keys, lone surrogates, NUL, the key __proto__ and numbers that cannot be kept exactly are refused too.',
    ({ detail, position }) => `The body is not acceptable JSON: ${detail} (at ${position}).`,
  ),
  jsonTooComplex: defineError<{ reason: string; position: number; detail: string }>(
    'json-too-complex',
    400,
    false,
    'The JSON is nested too deeply or has too many values or keys. Send less at once.',
    ({ detail, position }) => `The body is too complex: ${detail} (at ${position}).`,
  ),
  invalidRequest: defineError<{ errors: readonly RequestFault[] }>(
    'invalid-request',
    400,
    false,
    'The request does not fit the schema of the operation. `errors` names each place by JSON Pointer.',
    ({ errors }) => {
      const first = errors[0]
      const where =
        first === undefined
          ? ''
          : ` First, in the ${first.in} at ${first.pointer || 'the root'}: ${first.message}.`
      return `The request has ${plural(errors.length, 'fault')}.${where}`
    },
  ),
  credentialInUrl: defineError<{ parameter: string }>(
    'credential-in-url',
    400,
    false,
    'URLs end up in logs. Send the API key in the Authorization header, and replace the key that was sent.',
    ({ parameter }) => `Send no credentials in the URL (${parameter}): use the Authorization header.`,
  ),
  unauthenticated: defineError(
    'unauthenticated',
    401,
    false,
    'No credentials were sent, or they are wrong, revoked or expired. Send `Authorization: Bearer KEY`, or sign in.',
    () => 'Send a valid API key or sign in.',
  ),
  sessionRequired: defineError(
    'session-required',
    403,
    false,
    'The operation is for a person who signed in; an API key will not do.',
    () => 'This is for a person who signed in, not for an API key.',
  ),
  forbidden: defineError<{ right: string; unit?: string }>(
    'forbidden',
    403,
    false,
    'The caller lacks the right on the unit. Ask somebody who administers the unit for it.',
    ({ right, unit }) =>
      unit === undefined
        ? `This needs the right "${right}".`
        : `This needs the right "${right}" on unit ${unit}.`,
  ),
  crossOriginRefused: defineError(
    'cross-origin-refused',
    403,
    false,
    'A signed-in browser may change things from the pages of this product only. Programs use an API key.',
    () => 'This request came from another site.',
  ),
  conflict: defineError<{ what: string; reason: string; state?: string; possible?: readonly string[] }>(
    'conflict',
    409,
    false,
    'The thing is in a state that does not allow this, or somebody else was faster. Read it again and decide: where it is the state, `parameters.state` says which one, and `parameters.possible` what can be done in it.',
    ({ what, reason, possible }) =>
      `This ${what} does not allow that: ${reason}.${possible === undefined ? '' : ` What can be done: ${possible.join(', ') || 'nothing'}.`}`,
  ),
  alreadyExists: defineError<{ what: string; id?: string }>(
    'already-exists',
    409,
    false,
    'Something with the same unique name or content exists. Use that, or choose another name.',
    ({ what, id }) => `There is such a ${what} already${id === undefined ? '' : `: ${id}`}.`,
  ),
  preconditionFailed: defineError<{ current?: number }>(
    'precondition-failed',
    412,
    false,
    'Somebody else changed it since the version in If-Match. Read it again, and send the change with the new ETag.',
    ({ current }) =>
      current === undefined
        ? 'It has changed since you read it.'
        : `It has changed since you read it: it is at version ${current}.`,
  ),
  preconditionRequired: defineError(
    'precondition-required',
    428,
    false,
    'Changes need If-Match with the ETag that came with the thing, so that nobody overwrites unseen work.',
    () => 'Send If-Match with the ETag of what you have read.',
  ),
  idempotencyKeyInvalid: defineError(
    'idempotency-key-invalid',
    400,
    false,
    'An Idempotency-Key is 1 to 255 visible ASCII characters. A UUID will do.',
    () => 'The Idempotency-Key must be 1 to 255 visible ASCII characters.',
  ),
  idempotencyKeyReused: defineError(
    'idempotency-key-reused',
    409,
    false,
    'The Idempotency-Key was used for another request. Use a new one for each thing to do.',
    () => 'This Idempotency-Key was used for another request.',
  ),
  idempotencyInProgress: defineError(
    'idempotency-in-progress',
    409,
    true,
    'The first request with this Idempotency-Key is still running. Wait a moment and send it again.',
    () => 'The first request with this Idempotency-Key is still running.',
  ),
  rateLimited: defineError<{ retryAfterSeconds: number }>(
    'rate-limited',
    429,
    true,
    'Too many requests. Wait for as many seconds as Retry-After says.',
    ({ retryAfterSeconds }) => `Too many requests: try again in ${plural(retryAfterSeconds, 'second')}.`,
  ),
  unavailable: defineError<{ what: string }>(
    'unavailable',
    503,
    true,
    'A part that the operation needs does not answer. Try again later; /readyz names the part.',
    ({ what }) => `The ${what} does not answer now. Try again later.`,
  ),
  internal: defineError(
    'internal',
    500,
    true,
    'Something broke on our side. The instance id finds it in the log.',
    () => 'Something broke on our side.',
  ),
} as const
