import * as z from 'zod'
import { Email, Id, LanguageTag, PageQuery, Right, Time, text, title } from './common.ts'
import { mailTroubleOf } from './mail-trouble.ts'

const RIGHTS = z.array(Right).min(1).max(7)
const BuiltIn = z.enum(['administrator', 'designer', 'awarder', 'viewer'])

/** A role of the organisation, or rights one by one. */
const granted = { roleId: Id.optional(), rights: RIGHTS.optional() }
const ONE_OF_BOTH = 'Name a role (roleId) or rights, and not both'
const isOneOfBoth = ({ roleId, rights }: { roleId?: unknown; rights?: unknown }) =>
  (roleId === undefined) !== (rights === undefined)

const ROLE = '0197a2c0-0000-7000-8000-000000000a01'
const UNIT = '0197a2c0-0000-7000-8000-000000000b01'
const PERSON = '0197a2c0-0000-7000-8000-000000000c01'

export const NewGrant = z
  .strictObject(granted)
  .refine(isOneOfBoth, ONE_OF_BOTH)
  .meta({ examples: [{ roleId: ROLE }, { rights: ['read', 'award'] }] })

/** What a key, a member or an invitation may do, in the body that makes it. */
export const grantedWith = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject({ ...shape, ...granted }).refine(isOneOfBoth, ONE_OF_BOTH)

export const Member = z
  .strictObject({
    id: Id.describe('Of the membership: a person may have one on each unit.'),
    accountId: Id,
    emails: z.array(z.string()).describe('The addresses that the person has proven.'),
    unitId: Id,
    roleId: Id.nullable(),
    rights: z.array(Right).describe('What they may do there and below, by the role or one by one.'),
    since: Time,
    you: z.boolean().describe('Whether that is the one who asks.'),
    revision: z.int().describe('What If-Match names: `"v1"` for 1.'),
  })
  .meta({
    id: 'Member',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000d01',
        accountId: PERSON,
        emails: ['noor@example.org'],
        unitId: UNIT,
        roleId: ROLE,
        rights: ['read', 'award'],
        since: '2026-11-25T09:00:00.000Z',
        you: false,
        revision: 1,
      },
    ],
  })

export const NewRole = z
  .strictObject({
    name: title(100),
    description: z.union([z.literal(''), text(1000)]).optional(),
    rights: RIGHTS,
  })
  .meta({ examples: [{ name: 'Teacher', rights: ['read', 'award'] }] })
export const RoleChange = z
  .strictObject({
    name: title(100).optional(),
    description: z.union([z.literal(''), text(1000)]).optional(),
    rights: RIGHTS.optional(),
  })
  .meta({ examples: [{ rights: ['read', 'award', 'sign'] }] })
export const Role = z
  .strictObject({
    id: Id,
    name: z.string(),
    description: z.string(),
    rights: z.array(Right),
    builtIn: BuiltIn.nullable().describe('One of those that every organisation has, and that never change.'),
    revision: z.int().describe('What If-Match names: `"v1"` for 1.'),
  })
  .meta({
    id: 'Role',
    examples: [
      { id: ROLE, name: 'Teacher', description: '', rights: ['read', 'award'], builtIn: null, revision: 1 },
    ],
  })
export const RoleWithUse = Role.extend({
  usedBy: z
    .strictObject({ members: z.array(Id), invitations: z.array(Id), apiKeys: z.array(Id) })
    .describe('Who names it: memberships, open invitations and keys that work.'),
}).meta({ id: 'RoleWithUse' })

export const InvitationState = z.enum(['open', 'accepted', 'declined', 'withdrawn', 'expired'])
export const MemberQuery = PageQuery.extend({
  unitId: Id.optional().describe('Only who may do something on this unit: its members, and those above it.'),
})
export const InvitationQuery = PageQuery.extend({ state: InvitationState.optional() })
export const NewInvitation = grantedWith({
  email: Email,
  unitId: Id.optional().describe('Default: the whole organisation.'),
  language: LanguageTag.default('en').describe('Of the mail: Dutch, or else English.'),
}).meta({
  examples: [{ email: 'noor@example.org', roleId: ROLE, unitId: UNIT, language: 'nl' }],
})
export const Invitation = z
  .strictObject({
    id: Id,
    email: z.string(),
    unitId: Id,
    roleId: Id.nullable(),
    rights: z.array(Right),
    language: z.string(),
    state: InvitationState,
    invitedBy: z.string().describe('`account:ID`, `key:ID` or `operator`.'),
    createdAt: Time,
    sentAt: Time,
    timesSent: z.int(),
    expiresAt: Time,
    closedAt: Time.nullable(),
    mailTrouble: mailTroubleOf('it'),
  })
  .meta({
    id: 'Invitation',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000e01',
        email: 'noor@example.org',
        unitId: UNIT,
        roleId: ROLE,
        rights: ['read', 'award'],
        language: 'nl',
        state: 'open',
        invitedBy: `account:${PERSON}`,
        createdAt: '2026-11-25T09:00:00.000Z',
        sentAt: '2026-11-25T09:00:00.000Z',
        timesSent: 1,
        expiresAt: '2026-12-09T09:00:00.000Z',
        closedAt: null,
      },
    ],
  })

/** What the link of the mail shows. Whoever has it reads the mailbox that was invited. */
export const InvitationOffer = z
  .strictObject({
    state: InvitationState,
    email: z.string(),
    organisation: z.strictObject({ name: z.string(), slug: z.string(), sample: z.boolean() }),
    unitName: z.string().nullable().describe('Null: the whole organisation.'),
    role: z.strictObject({ name: z.string(), builtIn: BuiltIn.nullable() }).nullable(),
    rights: z.array(Right),
    invitedBy: z.string().nullable().describe('An address, where a person invited.'),
    expiresAt: Time,
    yours: z.boolean().describe('Whether the one who is signed in has proven the address.'),
  })
  .meta({
    id: 'InvitationOffer',
    examples: [
      {
        state: 'open',
        email: 'noor@example.org',
        organisation: { name: 'Sample College', slug: 'sample', sample: true },
        unitName: 'Faculty of Science',
        role: { name: 'Awarder', builtIn: 'awarder' },
        rights: ['read', 'award'],
        invitedBy: 'dean@example.org',
        expiresAt: '2026-12-09T09:00:00.000Z',
        yours: true,
      },
    ],
  })
export const InvitationAccepted = z
  .strictObject({
    membershipId: Id,
    organisation: z.strictObject({ id: Id, name: z.string(), slug: z.string(), sample: z.boolean() }),
  })
  .meta({ id: 'InvitationAccepted' })
