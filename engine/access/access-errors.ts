import { defineError } from '#engine/errors/define-error.ts'

export const accessErrors = {
  organisationRequired: defineError(
    'organisation-required',
    400,
    false,
    'The caller belongs to several organisations. Name one with ?organisation=ID.',
    () => 'Say which organisation is meant: ?organisation=ID.',
  ),
  noOrganisation: defineError(
    'no-organisation',
    403,
    false,
    'The caller belongs to no organisation. Create one, or be invited to one.',
    () => 'You belong to no organisation.',
  ),
  slugTaken: defineError<{ slug: string }>(
    'slug-taken',
    409,
    false,
    'Slugs are unique over the whole installation and never given out twice. Choose another.',
    ({ slug }) => `The slug ${slug} is taken. Choose another.`,
  ),
  rightsExceedOwn: defineError<{ right: string }>(
    'rights-exceed-own',
    403,
    false,
    'Nobody can hand out a right that they do not hold themselves.',
    ({ right }) => `You cannot hand out "${right}": you do not hold it yourself.`,
  ),
  secondPersonNeeded: defineError(
    'second-person-needed',
    403,
    false,
    'The organisation wants a rule to be brought into force, or an achievement to be approved, by somebody else than its author: another member with the right "award" who signed in. An API key has no person behind it that could be told apart.',
    () => 'This needs a second person: another member with the right "award", who signed in.',
  ),
  signInLinkInvalid: defineError(
    'sign-in-link-invalid',
    401,
    false,
    'The link is unknown, was used or is over. Ask for a new one.',
    () => 'This sign-in link does not work any more. Ask for a new one.',
  ),
} as const
