import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  Account,
  AccountChange,
  AccountEvent,
  AddedIdentity,
  ClaimProof,
  IdentityCodeRequest,
  IdentityProof,
} from '#api/schemas/accounts.ts'
import { Id, LanguageTag, listOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { AddedIdentity as Added } from '#services/access/account-changes.ts'
import type { Person } from '#services/access/manage-account.ts'
import { showAccount, showMerge } from './account-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['account']
const IdParams = z.strictObject({ id: Id })
const TokenParams = z.strictObject({ token: z.string().min(20).max(100) })

/** What a person does with their own account: identities, language, sessions, two accounts that become one. */
export const accountRoutes = ({ account, claims }: RouteNeeds): readonly Route[] => {
  const answer = async (person: Person, added: Added): Promise<z.input<typeof AddedIdentity>> => ({
    outcome: added.outcome,
    account: showAccount(await account.show(person)),
    merge: added.outcome === 'merge-needed' ? showMerge(added.offer) : null,
  })
  /** Where the badge of a claim link was sent, if a code can be sent there too. */
  const addressOf = async (token: string): Promise<Identifier> => {
    const identifier = await claims.identifierOf(token)
    if (identifier.type !== 'email')
      throw errors.conflict({ what: 'claim', reason: 'it was not sent to an e-mail address' })
    return identifier
  }
  return [
    defineRoute({
      method: 'get',
      path: '/v1/account',
      operationId: 'getAccount',
      tags,
      summary: 'Your account and its identities',
      access: 'session',
      responses: { 200: Account },
      handler: async ({ principal }) => ({ status: 200, body: showAccount(await account.show(principal)) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/v1/account',
      operationId: 'changeAccount',
      tags,
      summary: 'Choose the language and the address in which you are written to',
      access: 'session',
      request: { body: AccountChange },
      responses: { 200: Account },
      problems: [errors.notFound, errors.fullSessionRequired],
      handler: async ({ principal, body }) => ({
        status: 200,
        body: showAccount(
          await account.change(
            principal,
            given({ language: body.language, primary: body.primaryIdentityId }),
          ),
        ),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/account/events',
      operationId: 'listAccountEvents',
      tags,
      summary: 'What happened to your account, the newest first',
      access: 'session',
      responses: { 200: listOf(AccountEvent) },
      handler: async ({ principal }) => ({
        status: 200,
        body: {
          items: (await account.events(principal)).map(({ id, at, action, detail }) => ({
            id,
            at: formatInstant(at),
            action,
            detail: Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, String(value)])),
          })),
        },
      }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/account/sessions',
      operationId: 'endOtherSessions',
      tags,
      summary: 'Sign out everywhere else',
      access: 'session',
      responses: { 204: { empty: true } },
      problems: [errors.fullSessionRequired],
      handler: async ({ principal }) => {
        await account.endOtherSessions(principal)
        return { status: 204 }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/account/identity-codes',
      operationId: 'mailIdentityCode',
      tags,
      summary: 'Mail a code that proves an address of yours',
      description:
        'Answers the same whoever has the address. The code works for 15 minutes, once, in your account only.',
      access: 'session',
      request: { body: IdentityCodeRequest },
      responses: { 202: z.strictObject({}) },
      problems: [errors.fullSessionRequired],
      handler: async ({ principal, body }) => {
        const identity = { type: 'email' as const, value: body.email.toLowerCase() }
        await account.mailCode(principal, identity, body.language)
        return { status: 202, body: {} }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/account/identities',
      operationId: 'addIdentity',
      tags,
      summary: 'Add an address with the code that was mailed there',
      description:
        'An address of another account stays there, and the answer offers to make the two accounts one (`merge`).',
      access: 'session',
      request: { body: IdentityProof },
      responses: { 200: AddedIdentity },
      problems: [errors.identityCodeInvalid, errors.fullSessionRequired],
      wrongSecret: errors.identityCodeInvalid,
      handler: async ({ principal, body }) => {
        const identity = { type: 'email' as const, value: body.email.toLowerCase() }
        const added = await account.proveByCode(principal, identity, body.code)
        return { status: 200, body: await answer(principal, added) }
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/account/identities/{id}',
      operationId: 'removeIdentity',
      tags,
      summary: 'Remove an identity of yours',
      description: 'All addresses of the account are told. Badges stay. The last way to sign in stays too.',
      access: 'session',
      request: { params: IdParams },
      responses: { 204: { empty: true } },
      problems: [errors.notFound, errors.identityNeeded, errors.fullSessionRequired],
      handler: async ({ principal, params }) => {
        await account.remove(principal, params.id)
        return { status: 204 }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/account/merges/{id}/confirm',
      operationId: 'confirmMerge',
      tags,
      summary: 'Make two accounts of yours one',
      description: [
        'You have proven an identity of the other account in the last 15 minutes.',
        'Its identities, badges and rights become yours, and its sessions end. This cannot be undone.',
      ].join(' '),
      access: 'session',
      request: { params: IdParams },
      responses: { 200: Account },
      problems: [errors.notFound, errors.mergeInvalid, errors.fullSessionRequired],
      handler: async ({ principal, params }) => ({
        status: 200,
        body: showAccount(await account.merge(principal, params.id)),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/claims/{token}/code',
      operationId: 'mailClaimCode',
      tags: ['claims'],
      summary: 'Mail a code to where a badge was sent, to prove that this is you too',
      access: 'session',
      request: { params: TokenParams, body: z.strictObject({ language: LanguageTag.default('en') }) },
      responses: { 202: z.strictObject({}) },
      problems: [errors.claimInvalid, errors.claimOver, errors.conflict, errors.fullSessionRequired],
      handler: async ({ principal, params, body }) => {
        await account.mailCode(principal, await addressOf(params.token), body.language)
        return { status: 202, body: {} }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/claims/{token}/proof',
      operationId: 'proveClaimAddress',
      tags: ['claims'],
      summary: 'Add the address to which a badge was sent, with the code that was mailed there',
      description: 'Then accept the badge. Where the address belongs to another account, a merge is offered.',
      access: 'session',
      request: { params: TokenParams, body: ClaimProof },
      responses: { 200: AddedIdentity },
      problems: [
        errors.claimInvalid,
        errors.claimOver,
        errors.conflict,
        errors.identityCodeInvalid,
        errors.fullSessionRequired,
      ],
      wrongSecret: errors.identityCodeInvalid,
      handler: async ({ principal, params, body }) => {
        const added = await account.proveByCode(principal, await addressOf(params.token), body.code)
        return { status: 200, body: await answer(principal, added) }
      },
    }),
  ]
}
