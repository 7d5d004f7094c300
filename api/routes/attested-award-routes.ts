import type * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  AttestedCase,
  AttestedCaseParams,
  AttestedCaseWithMessages,
  AttestedRule,
  AttestedRuleParams,
  CommitmentOpening,
  DeliveredMessage,
  IssuerWord,
  NewAttestedRule,
  NewAttestedSubject,
  SignedWord,
  TypedData,
  TypedDataQuery,
} from '#api/schemas/attested-awards.ts'
import { OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import type { AttestedAct } from '#engine/attested-awards/attested-messages.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText } from '#engine/events/identifier.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import type { AttestedCaseId, AttestedRuleId, IssuerId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ShownCase } from '#services/attested-awards/attested-subjects.ts'
import type { DeliveredMessage as Message, RegisteredRule } from '#services/ports/attested-store.ts'
import { readPerson } from './read-fact-rows.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime } from './shown.ts'

const tags = ['attested awards']

const DELIVERY = [
  errors.notFound,
  errors.attestedContractMissing,
  errors.attestedNotAnAttester,
  errors.attestedOutsideWindow,
  errors.attestedTimeWrong,
  errors.attestedSignatureWrong,
  errors.attestedAlreadySaid,
  errors.attestedTakenBack,
  errors.attestedComplete,
  errors.contractRefused,
  errors.chainUnavailable,
]

export const attestedAwardRoutes = ({
  attestedRules,
  attestedSubjects,
  relayAttestations,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/attested-rules',
    operationId: 'listAttestedRules',
    tags,
    summary: 'The on-chain rules in which an organisation takes part, newest first',
    access: { right: 'read' },
    request: { query: PageQuery },
    responses: { 200: pageOf(AttestedRule) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await attestedRules.list(principal, organisationId, pageRequest(query))
      return { status: 200, body: pageBody(page, showRule) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/attested-rules',
    operationId: 'createAttestedRule',
    tags,
    summary: 'Register an on-chain rule, by which several organisations grant a badge together',
    description: [
      'Nothing is sent: a rule comes with every call of the contract, and its hash is its name. All who register exactly the',
      'same rule get the same hash. Give each criterion either `says` or `statement`.',
    ].join(' '),
    access: { right: 'create' },
    request: { query: OrganisationQuery, body: NewAttestedRule },
    responses: { 201: AttestedRule },
    problems: [
      errors.notFound,
      errors.alreadyExists,
      errors.attestedRuleInvalid,
      errors.attestedContractMissing,
      errors.chainUnavailable,
    ],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const rule = await attestedRules.create(principal, organisationId, readRule(body))
      return { status: 201, body: showRule(rule) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/attested-rules/{id}',
    operationId: 'getAttestedRule',
    tags,
    summary: 'An on-chain rule, as the contract takes it',
    access: { right: 'read' },
    request: { params: AttestedRuleParams, query: OrganisationQuery },
    responses: { 200: AttestedRule },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const rule = await attestedRules.find(principal, organisationId, params.id as AttestedRuleId)
      return { status: 200, body: showRule(rule) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/attested-rules/{id}/subjects',
    operationId: 'listAttestedSubjects',
    tags,
    summary: 'The people in an on-chain rule, newest first, and what is missing of each',
    access: { right: 'read' },
    request: { params: AttestedRuleParams, query: PageQuery },
    responses: { 200: pageOf(AttestedCase) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const ruleId = params.id as AttestedRuleId
      const page = await attestedSubjects.list(principal, organisationId, ruleId, pageRequest(query))
      return { status: 200, body: pageBody(page, showCase) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/attested-rules/{id}/subjects',
    operationId: 'addAttestedSubject',
    tags,
    summary: 'Enter a person into an on-chain rule',
    description: [
      'One organisation enters the person without `salt`, and hands the opened commitment to the others, who enter the same',
      'identifier with that salt: then all speak of the same commitment. Entering somebody again answers 200 and changes',
      'nothing.',
    ].join(' '),
    access: { right: 'award' },
    request: { params: AttestedRuleParams, query: OrganisationQuery, body: NewAttestedSubject },
    responses: { 200: AttestedCase, 201: AttestedCase },
    problems: [errors.notFound, errors.alreadyExists, errors.factsInvalid],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const salt = body.salt === undefined ? undefined : fromHex(body.salt)
      const { shown, isNew } = await attestedSubjects.add(
        principal,
        organisationId,
        params.id as AttestedRuleId,
        { identifier: readPerson(body.subject, '/subject'), ...given({ salt }) },
      )
      return { status: isNew ? 201 : 200, body: showCase(shown) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/attested-rules/{id}/subjects/{caseId}',
    operationId: 'getAttestedSubject',
    tags,
    summary: 'Who has attested what of a person, what is missing, and where its messages are',
    description: 'What counts is what the contract says in final blocks, up to and with `asOfBlock`.',
    access: { right: 'read' },
    request: { params: AttestedCaseParams, query: OrganisationQuery },
    responses: { 200: AttestedCaseWithMessages },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { messages, ...shown } = await attestedSubjects.find(principal, organisationId, idsOf(params))
      return { status: 200, body: { ...showCase(shown), messages: messages.map(showMessage) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/attested-rules/{id}/subjects/{caseId}/opening',
    operationId: 'openAttestedSubject',
    tags,
    summary: 'Open a commitment, for the other organisations',
    description: [
      'Whoever has the salt can tell whom the commitment is of, for ever. Give it to the organisations that grant together, and',
      'to nobody else. Each opening is in the audit trail.',
    ].join(' '),
    access: { right: 'award' },
    request: { params: AttestedCaseParams, query: OrganisationQuery },
    responses: { 200: CommitmentOpening },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const opened = await attestedSubjects.open(principal, organisationId, idsOf(params))
      return {
        status: 200,
        body: {
          salt: toHex(opened.salt),
          identifier: opened.identifier === undefined ? null : identifierText(opened.identifier),
          commitment: opened.commitment,
          ruleHash: opened.ruleHash,
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/attested-rules/{id}/subjects/{caseId}/typed-data',
    operationId: 'getAttestedTypedData',
    tags,
    summary: 'What an attester must sign, for any wallet',
    description: [
      'EIP-712, said now and to be delivered within seven days. For a withdrawal `act=withdraw`. Libraries that name the',
      'domain by themselves (ethers) are given `types` without `EIP712Domain`.',
    ].join(' '),
    access: { right: 'read' },
    request: { params: AttestedCaseParams, query: TypedDataQuery },
    responses: { 200: TypedData },
    problems: [
      errors.notFound,
      errors.attestedNotAnAttester,
      errors.attestedOutsideWindow,
      errors.attestedTimeWrong,
    ],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const by = { criterion: query.criterion, attester: query.attester.toLowerCase() as Hex }
      const { types, message, ...data } = await relayAttestations.typedData(
        principal,
        organisationId,
        idsOf(params),
        query.act,
        by,
      )
      const shownTypes = Object.fromEntries(
        Object.entries(types).map(([name, fields]) => [name, fields.map((field) => ({ ...field }))]),
      )
      return { status: 200, body: { ...data, types: shownTypes, message: { ...message } } }
    },
  }),
  ...(['attest', 'withdraw'] as const).map((act) =>
    defineRoute({
      method: 'post',
      path:
        act === 'attest'
          ? '/v1/attested-rules/{id}/subjects/{caseId}/attestations'
          : '/v1/attested-rules/{id}/subjects/{caseId}/withdrawals',
      operationId: act === 'attest' ? 'relayAttestation' : 'relayWithdrawal',
      tags,
      summary:
        act === 'attest'
          ? 'Have a signed attestation delivered to the contract'
          : 'Have a signed withdrawal delivered to the contract',
      description: [
        'The signature is the attester’s permission; the caller needs a right of the organisation whose relayer pays. The',
        'contract is asked before anything is kept.',
        act === 'attest'
          ? 'The one that fulfils the rule brings the award in its own transaction.'
          : 'It takes back all that the attester has said on the criterion up to its block, until the award is made.',
      ].join(' '),
      access: { right: 'award' },
      request: { params: AttestedCaseParams, query: OrganisationQuery, body: SignedWord },
      responses: { 202: DeliveredMessage },
      problems: DELIVERY,
      handler: async ({ principal, query, params, body }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const message = await relayAttestations.relay(principal, organisationId, idsOf(params), act, {
          criterion: body.criterion,
          attester: body.attester.toLowerCase() as Hex,
          saidAt: body.saidAt,
          deadline: body.deadline,
          signature: fromHex(body.signature) ?? new Uint8Array(),
        })
        return { status: 202, body: showMessage({ ...message, delivery: 'queued' }) }
      },
    }),
  ),
  defineRoute({
    method: 'post',
    path: '/v1/attested-rules/{id}/subjects/{caseId}/issuer-words',
    operationId: 'signAttestedWord',
    tags,
    summary: 'Attest, or take back, with the anchoring key of the issuer itself',
    description: 'For a rule that names the active anchoring key of your issuer as an attester.',
    access: { right: 'sign' },
    request: { params: AttestedCaseParams, query: OrganisationQuery, body: IssuerWord },
    responses: { 202: DeliveredMessage },
    problems: DELIVERY,
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const act: AttestedAct = body.act
      const ids = idsOf(params)
      const message = await relayAttestations.signAsIssuer(
        principal,
        organisationId,
        ids,
        act,
        body.criterion,
      )
      return { status: 202, body: showMessage({ ...message, delivery: 'queued' }) }
    },
  }),
]

const idsOf = ({ id, caseId }: z.output<typeof AttestedCaseParams>) => ({
  ruleId: id as AttestedRuleId,
  caseId: caseId as AttestedCaseId,
})

function readRule(body: z.output<typeof NewAttestedRule>) {
  const { issuerId, name, achievement, threshold } = body
  const opensAt = readTime(body.opensAt, '/opensAt')
  const closesAt = readTime(body.closesAt, '/closesAt')
  if (opensAt === undefined || closesAt === undefined) throw new Error('A required time is missing.')
  return {
    issuerId: issuerId as IssuerId,
    name,
    achievement: achievement.toLowerCase() as Hex,
    threshold,
    opensAt,
    closesAt,
    criteria: body.criteria.map(({ says, statement, attesters }, at) => {
      if ((says === undefined) === (statement === undefined))
        throw errors.invalidRequest({
          errors: [
            {
              in: 'body',
              pointer: `/criteria/${at}`,
              code: 'invalid-value',
              message: 'has either says or statement',
            },
          ],
        })
      return {
        statement: says === undefined ? { digest: (statement ?? '').toLowerCase() as Hex } : { says },
        attesters,
      }
    }),
  }
}

const showRule = ({
  at,
  organisationId: _,
  ...registered
}: RegisteredRule): z.input<typeof AttestedRule> => ({
  id: registered.id,
  issuerId: registered.issuerId,
  name: registered.name,
  hash: registered.hash,
  chainId: at.chainId,
  contract: at.contract,
  rule: {
    ...registered.rule,
    criteria: registered.rule.criteria.map(({ statement, attesters }) => ({
      statement,
      attesters: [...attesters],
    })),
  },
  statements: registered.statements.map((said) => said ?? null),
  createdAt: formatInstant(registered.createdAt),
})

function showCase({ rule, case: shown, judged, state }: ShownCase): z.input<typeof AttestedCase> {
  const awardedAt = shown.read?.state.awardedAt
  return {
    id: shown.id,
    ruleId: rule.id,
    subjectId: shown.subjectId,
    commitment: shown.commitment,
    state,
    awardedAt: awardedAt === undefined ? null : formatInstant(asInstant(awardedAt * 1000)),
    missing: judged.missing,
    asOfBlock: shown.read?.block ?? null,
    criteria: judged.criteria.map(({ isMet, attestedBy }, at) => ({
      says: rule.statements[at] ?? null,
      isMet,
      attestedBy: [...attestedBy],
      attesters: [...(rule.rule.criteria[at]?.attesters ?? [])],
    })),
    createdAt: formatInstant(shown.createdAt),
  }
}

const showMessage = (message: Message): z.input<typeof DeliveredMessage> => ({
  id: message.id,
  act: message.act,
  criterion: message.criterion,
  attester: message.attester,
  saidAt: message.saidAt,
  deadline: message.deadline,
  state: message.delivery,
  transaction: message.transaction ?? null,
  lastError: message.lastError ?? null,
  createdAt: formatInstant(message.createdAt),
})
