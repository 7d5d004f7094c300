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
  secondPersonNeeded: defineError<{ right: string }>(
    'second-person-needed',
    403,
    false,
    'The organisation wants this to be done by two: who writes a rule or an achievement, or asks for a new key, is not the one who brings it into force. That is another member with the right who signed in. An API key has no person behind it that could be told apart.',
    ({ right }) => `This needs a second person: another member with the right "${right}", who signed in.`,
  ),
  signInLinkInvalid: defineError(
    'sign-in-link-invalid',
    401,
    false,
    'The link is unknown, was used or is over. Ask for a new one.',
    () => 'This sign-in link does not work any more. Ask for a new one.',
  ),
  lastAdministrator: defineError(
    'last-administrator',
    409,
    false,
    'An organisation keeps at least one person who administers the whole of it. Give somebody else the right "administer" on the organisation first.',
    () => 'Nobody would be left who administers the organisation. Make somebody else an administrator first.',
  ),
  alreadyMember: defineError<{ membershipId: string }>(
    'already-member',
    409,
    false,
    'The person is a member on this unit already. Change what they may do there instead.',
    () => 'This person is a member there already. An administrator can change what they may do.',
  ),
  roleBuiltIn: defineError<{ name: string }>(
    'role-built-in',
    409,
    false,
    'The roles that every organisation has never change. Make a role of your own.',
    ({ name }) => `The role ${name} is one that every organisation has. Make one of your own.`,
  ),
  roleNameTaken: defineError<{ name: string }>(
    'role-name-taken',
    409,
    false,
    'Two roles of an organisation never have the same name, capitals aside.',
    ({ name }) => `There is a role ${name} already.`,
  ),
  roleInUse: defineError<{
    members: readonly string[]
    invitations: readonly string[]
    apiKeys: readonly string[]
  }>(
    'role-in-use',
    409,
    false,
    'The role is named by memberships, open invitations or API keys that work; their ids are given. Give them another role first.',
    ({ members, invitations, apiKeys }) =>
      `The role is used by ${members.length} memberships, ${invitations.length} invitations and ${apiKeys.length} API keys. Give them another role first.`,
  ),
  unitCycle: defineError(
    'unit-cycle',
    409,
    false,
    'A unit cannot stand below itself. Move it to a unit that is not below it.',
    () => 'The unit would stand below itself.',
  ),
  unitTooDeep: defineError<{ most: number }>(
    'unit-too-deep',
    409,
    false,
    'Units stand one in another only so deep.',
    ({ most }) => `At most ${most} units may stand one in another.`,
  ),
  unitOfAchievement: defineError<{ achievementId: string }>(
    'unit-of-achievement',
    409,
    false,
    'The unit is an achievement: it has its name, stands below its issuer as long as it is there, and nothing stands below it. Rename the achievement itself by a new version; grant rights on the unit by members, invitations and API keys; group achievements by their issuers.',
    ({ achievementId }) =>
      `This unit is the achievement ${achievementId}: it has its name and stands below its issuer, and nothing stands below it. Change the achievement, or grant rights on this unit.`,
  ),
  unitNotEmpty: defineError<{
    units: number
    members: number
    invitations: number
    apiKeys: number
    webhooks: number
  }>(
    'unit-not-empty',
    409,
    false,
    'Only an empty group can be deleted: one with no units below it, no members, no open invitations, no API keys that work and no webhooks.',
    ({ units, members, invitations, apiKeys, webhooks }) =>
      `The group still has ${units} units, ${members} members, ${invitations} open invitations, ${apiKeys} API keys and ${webhooks} webhooks.`,
  ),
  invitationOpen: defineError<{ invitationId: string }>(
    'invitation-open',
    409,
    false,
    'This address is invited to this unit already. Send that invitation again, or withdraw it.',
    ({ invitationId }) =>
      `The invitation ${invitationId} to this unit is open. Send it again, or withdraw it first.`,
  ),
  invitationClosed: defineError<{ state: string; possible: readonly string[] }>(
    'invitation-closed',
    409,
    false,
    'The invitation was accepted, declined or withdrawn, or its time is over. Whoever administers the unit can invite again.',
    ({ state }) => `The invitation is ${state}. It can only be made again.`,
  ),
  invitationUnknown: defineError(
    'invitation-unknown',
    404,
    false,
    'No invitation has this link. It may have been sent again: the link of the newest mail counts.',
    () => 'This invitation is not known. Look for the newest mail, or ask for a new one.',
  ),
  invitationOthers: defineError<{ address: string }>(
    'invitation-others',
    403,
    false,
    'The invitation is for an address that the account has not proven. Sign in with that address.',
    ({ address }) => `The invitation is for ${address}. Sign in with that address to accept it.`,
  ),
  sentTooOften: defineError<{ most: number }>(
    'sent-too-often',
    409,
    false,
    'One invitation or request is mailed only so often. Withdraw it and speak to the person.',
    ({ most }) => `This was sent ${most} times. Withdraw it, or wait until it is answered.`,
  ),
} as const
