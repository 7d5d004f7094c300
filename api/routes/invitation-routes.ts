import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import {
  Invitation,
  InvitationAccepted,
  InvitationOffer,
  InvitationQuery,
  NewInvitation,
} from '#api/schemas/members.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { InvitationId, UnitId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { InvitationOffer as FoundOffer } from '#services/members/answer-invitations.ts'
import type { Invitation as StoredInvitation } from '#services/ports/invitation-store.ts'
import { showMailTrouble } from './mail-trouble-view.ts'
import { readGrant } from './read-grant.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['members']
const params = z.strictObject({ id: Id })
const TokenParams = z.strictObject({ token: z.string().min(20).max(100) })

export const invitationRoutes = ({ invitations, answerInvitations }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/invitations',
    operationId: 'listInvitations',
    tags,
    summary: 'Invitations to become a member, newest first',
    description: 'To the units that the caller administers.',
    access: { right: 'administer' },
    request: { query: InvitationQuery },
    responses: { 200: pageOf(Invitation) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await invitations.list(principal, organisationId, query.state, pageRequest(query))
      return { status: 200, body: pageBody(page, showInvitation) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/invitations',
    operationId: 'invite',
    tags,
    summary: 'Invite somebody by e-mail',
    description:
      'A mail with a link goes to the address; the link is shown nowhere else. One invitation can be open for an address and a unit.',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewInvitation },
    responses: { 201: Invitation },
    problems: [errors.notFound, errors.rightsExceedOwn, errors.invitationOpen, errors.alreadyMember],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const { email: address, unitId, language } = body
      const made = await invitations.invite(
        principal,
        organisationFor(principal, query.organisation),
        given({ address, language, wanted: readGrant(body), unitId: unitId as UnitId | undefined }),
      )
      return { status: 201, body: showInvitation(made) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/invitations/{id}',
    operationId: 'getInvitation',
    tags,
    summary: 'One invitation',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery },
    responses: { 200: Invitation },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await invitations.find(principal, organisationId, params.id as InvitationId)
      return { status: 200, body: showInvitation(found) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/invitations/{id}/resend',
    operationId: 'resendInvitation',
    tags,
    summary: 'Mail an invitation again',
    description: 'With a fresh link and a fresh end. The link of the mail before opens nothing any more.',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery },
    responses: { 200: Invitation },
    problems: [errors.notFound, errors.invitationClosed, errors.rightsExceedOwn, errors.sentTooOften],
    idempotent: true,
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const sent = await invitations.sendAgain(principal, organisationId, params.id as InvitationId)
      return { status: 200, body: showInvitation(sent) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/invitations/{id}/withdraw',
    operationId: 'withdrawInvitation',
    tags,
    summary: 'Take an invitation back',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.invitationClosed],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      await invitations.withdraw(principal, organisationId, params.id as InvitationId)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/invitation-links/{token}',
    operationId: 'getInvitationOffer',
    tags,
    summary: 'What the link of an invitation offers',
    access: 'public',
    request: { params: TokenParams },
    responses: { 200: InvitationOffer },
    problems: [errors.invitationUnknown],
    wrongSecret: errors.invitationUnknown,
    handler: async ({ principal, params }) => {
      const accountId = principal?.kind === 'session' ? principal.accountId : undefined
      const offer = await answerInvitations.offer(params.token, accountId)
      return { status: 200, body: showOffer(offer) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/invitation-links/{token}/accept',
    operationId: 'acceptInvitation',
    tags,
    summary: 'Become a member',
    description: 'For a person who is signed in and has proven the very address that was invited.',
    access: 'session',
    request: { params: TokenParams },
    responses: { 200: InvitationAccepted },
    problems: [
      errors.invitationUnknown,
      errors.invitationClosed,
      errors.invitationOthers,
      errors.alreadyMember,
      errors.fullSessionRequired,
    ],
    wrongSecret: errors.invitationUnknown,
    handler: async ({ principal, params }) => {
      const { organisation, membershipId } = await answerInvitations.accept(principal, params.token)
      const { id, name, slug, sample } = organisation
      return { status: 200, body: { membershipId, organisation: { id, name, slug, sample } } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/invitation-links/{token}/decline',
    operationId: 'declineInvitation',
    tags,
    summary: 'Say no to an invitation',
    access: 'public',
    request: { params: TokenParams },
    responses: { 204: { empty: true } },
    problems: [errors.invitationUnknown, errors.invitationClosed],
    wrongSecret: errors.invitationUnknown,
    handler: async ({ params }) => {
      await answerInvitations.decline(params.token)
      return { status: 204 }
    },
  }),
]

const showOffer = ({
  state,
  invitation,
  organisation: { name, slug, sample },
  unitName,
  role,
  inviter,
  isTheirs,
}: FoundOffer): z.input<typeof InvitationOffer> => ({
  state,
  email: invitation.address,
  organisation: { name, slug, sample },
  unitName: unitName ?? null,
  role: role === undefined ? null : { name: role.name, builtIn: role.builtIn ?? null },
  rights: [...invitation.rights],
  invitedBy: inviter ?? null,
  expiresAt: formatInstant(invitation.expiresAt),
  yours: isTheirs,
})

const showInvitation = (invitation: StoredInvitation): z.input<typeof Invitation> => ({
  id: invitation.id,
  email: invitation.address,
  unitId: invitation.unitId,
  roleId: invitation.roleId ?? null,
  rights: [...invitation.rights],
  language: invitation.language,
  state: invitation.state,
  invitedBy: invitation.invitedBy,
  createdAt: formatInstant(invitation.createdAt),
  sentAt: formatInstant(invitation.sentAt),
  timesSent: invitation.timesSent,
  expiresAt: formatInstant(invitation.expiresAt),
  closedAt: timeOrNull(invitation.closedAt),
  ...showMailTrouble(invitation.mailTrouble),
})
