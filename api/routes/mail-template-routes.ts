import type * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, OrganisationQuery } from '#api/schemas/common.ts'
import {
  MailPreview,
  MailPreviewRequest,
  MailTemplate,
  MailTemplateParams,
  MailTemplateTexts,
} from '#api/schemas/mail-templates.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { LINK } from '#engine/notifications/mail-kind.ts'
import { mailKind } from '#engine/notifications/mail-kinds.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { MailTemplateView } from '#services/notifications/manage-mail-templates.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['notifications']
const access = { right: 'administer' } as const
const refused = [errors.templateMalformed, errors.templateVariableUnknown, errors.templateLinkMissing]

/** How an organisation words the mails that are sent in its name. */
export const mailTemplateRoutes = ({ mailTemplates }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/notification-templates',
    operationId: 'listMailTemplates',
    tags,
    summary: 'Every kind of mail, and how it is worded now',
    description:
      'In each language, with the variables that a template may speak of. Mails about signing in are worded by the product, and are not among them.',
    access,
    request: { query: OrganisationQuery },
    responses: { 200: listOf(MailTemplate) },
    handler: async ({ principal, query }) => {
      const all = await mailTemplates.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showTemplate) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/notification-templates/{kind}/{language}',
    operationId: 'getMailTemplate',
    tags,
    summary: 'How one kind of mail is worded in one language',
    description: 'Our words, at revision 0, where the organisation never changed them.',
    access,
    request: { params: MailTemplateParams, query: OrganisationQuery },
    responses: { 200: MailTemplate },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const found = await mailTemplates.find(
        principal,
        organisationFor(principal, query.organisation),
        params.kind,
        params.language,
      )
      return { status: 200, body: showTemplate(found), headers: { ETag: versionTag(found.revision) } }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/notification-templates/{kind}/{language}',
    operationId: 'changeMailTemplate',
    tags,
    summary: 'Word one kind of mail anew',
    description:
      'In mustache, without partials. The text keeps `{{link}}`, outside of any section. Counts for mails that are written from now on.',
    access,
    request: { params: MailTemplateParams, query: OrganisationQuery, body: MailTemplateTexts },
    responses: { 200: MailTemplate },
    problems: [errors.notFound, ...refused],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const changed = await mailTemplates.change(
        principal,
        organisationFor(principal, query.organisation),
        params.kind,
        params.language,
        expectedVersion,
        body,
      )
      return { status: 200, body: showTemplate(changed), headers: { ETag: versionTag(changed.revision) } }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/notification-templates/{kind}/{language}',
    operationId: 'resetMailTemplate',
    tags,
    summary: 'Go back to the words of the product',
    description: 'Its revision goes on counting, so that a later change cannot be taken for an earlier one.',
    access,
    request: { params: MailTemplateParams, query: OrganisationQuery },
    responses: { 200: MailTemplate },
    problems: [errors.notFound],
    ifMatch: true,
    handler: async ({ principal, query, params, expectedVersion }) => {
      const reset = await mailTemplates.reset(
        principal,
        organisationFor(principal, query.organisation),
        params.kind,
        params.language,
        expectedVersion,
      )
      return { status: 200, body: showTemplate(reset), headers: { ETag: versionTag(reset.revision) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/notification-templates/{kind}/{language}/preview',
    operationId: 'previewMailTemplate',
    tags,
    summary: 'See a mail as it would be sent',
    description:
      'With the texts that are given, or those that count now, and with the values that are given, or the samples. Saves and sends nothing.',
    access,
    request: { params: MailTemplateParams, query: OrganisationQuery, body: MailPreviewRequest },
    responses: { 200: MailPreview },
    problems: [errors.notFound, ...refused],
    handler: async ({ principal, query, params, body: { subject, text, values } }) => ({
      status: 200,
      body: await mailTemplates.preview(
        principal,
        organisationFor(principal, query.organisation),
        params.kind,
        params.language,
        given({
          texts: subject === undefined || text === undefined ? undefined : { subject, text },
          values,
        }),
      ),
    }),
  }),
]

function showTemplate(view: MailTemplateView): z.input<typeof MailTemplate> {
  const { kind, language, texts, isStandard, revision, changedAt } = view
  const { audience, description, variables } = mailKind(kind)
  return {
    kind,
    language,
    audience,
    description: description[language],
    variables: [
      { name: LINK, type: 'link', description: LINK_IN[language], sample: 'https://…' },
      ...Object.entries(variables).map(([name, variable]) => ({
        name,
        type: variable.type,
        description: variable.description[language],
        sample: variable.sample,
      })),
    ],
    subject: texts.subject,
    text: texts.text,
    isStandard,
    revision,
    changedAt: changedAt === undefined ? null : formatInstant(changedAt),
  }
}

const LINK_IN = { nl: 'Waar de mail naartoe leidt', en: 'Where the mail leads' }
