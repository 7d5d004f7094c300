import { defineError } from '#engine/errors/define-error.ts'

export const openBadgesApiErrors = {
  insufficientScope: defineError<{ scope: string }>(
    'insufficient-scope',
    403,
    false,
    'The access token of the application was not granted the scope that this needs. Ask its owner for it: authorize again with this scope.',
    ({ scope }) => `The access token does not have the scope ${scope}.`,
  ),
  accessRequestOver: defineError(
    'access-request-over',
    404,
    false,
    'An application asked to be let in, and that was answered, took longer than half an hour, or was begun in another browser. Begin again in the application.',
    () => 'This request to connect is over, or was begun in another browser. Begin again in the application.',
  ),
  pushedBadgeInvalid: defineError<{ check: string; reason: string }>(
    'pushed-badge-invalid',
    400,
    false,
    'The badge that an application pushed does not verify, and was not kept. POST /v1/verify tells all checks.',
    ({ check, reason }) => `The badge does not verify (${check}): ${reason}`,
  ),
  pushedBadgeUndecided: defineError<{ check: string; reason: string }>(
    'pushed-badge-undecided',
    503,
    true,
    'Whether the signature of the badge that an application pushed holds could not be told, because something of its issuer cannot be reached or is not known here. It was not kept.',
    ({ check, reason }) => `The badge could not be checked (${check}): ${reason}`,
  ),
  profileUnfit: defineError<{ reason: string }>(
    'profile-unfit',
    400,
    false,
    'A Profile of Open Badges 3.0 has an id, which is a URI, and the type Profile. Its other members are as the specification says.',
    ({ reason }) => `This is no Profile: ${reason}.`,
  ),
  queryUnfit: defineError<{ parameter: string; reason: string }>(
    'query-unfit',
    400,
    false,
    'limit is a whole number from 1 on, offset one from 0 on, since a date-time with a zone.',
    ({ parameter, reason }) => `${parameter} ${reason}.`,
  ),
}
