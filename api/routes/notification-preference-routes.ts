import type * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  NotificationPreferences,
  NotificationPreferencesChange,
  PreferencesQuery,
  UnsubscribeParams,
} from '#api/schemas/notifications.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { MailLanguage } from '#engine/notifications/mail-kind.ts'
import type { Choices } from '#services/notifications/choose-notifications.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['notifications']

/** How whoever is signed in wants to be told. */
export const notificationPreferenceRoutes = ({ chooseNotifications }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/account/notification-preferences',
    operationId: 'getNotificationPreferences',
    tags,
    summary: 'How you want to be told, of each kind',
    description: 'Those that are `mandatory` are sent whatever you choose: mails that sign in, for instance.',
    access: 'session',
    request: { query: PreferencesQuery },
    responses: { 200: NotificationPreferences },
    problems: [errors.fullSessionRequired],
    handler: async ({ principal, query }) => ({
      status: 200,
      body: show(await chooseNotifications.find(principal), query.language),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/v1/account/notification-preferences',
    operationId: 'changeNotificationPreferences',
    tags,
    summary: 'Choose how you want to be told',
    description: 'What waits for a digest follows at once. All of it is changed, or nothing.',
    access: 'session',
    request: { query: PreferencesQuery, body: NotificationPreferencesChange },
    responses: { 200: NotificationPreferences },
    problems: [errors.fullSessionRequired, errors.notificationMandatory, errors.timeZoneUnknown],
    handler: async ({ principal, query, body }) => ({
      status: 200,
      body: show(await chooseNotifications.change(principal, given(body)), query.language),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/unsubscribe/{token}',
    operationId: 'unsubscribe',
    tags,
    summary: 'Turn mails off with the link that stands in them',
    description:
      'The one-click unsubscribing of RFC 8058: mail programs post `List-Unsubscribe=One-Click` to it. The token is sealed by us and says whose mails of which kind. Twice is once.',
    access: 'public',
    request: { params: UnsubscribeParams, bodyKinds: ['form', 'multipart'] },
    responses: { 204: { empty: true } },
    problems: [errors.unsubscribeLinkInvalid],
    wrongSecret: errors.unsubscribeLinkInvalid,
    handler: async ({ params }) => {
      await chooseNotifications.unsubscribe(params.token)
      return { status: 204 }
    },
  }),
]

const show = (
  { kinds, digest }: Choices,
  language: MailLanguage,
): z.input<typeof NotificationPreferences> => ({
  kinds: kinds.map(({ description, isMailOnly, ...choice }) => ({
    ...choice,
    description: description[language],
    mailOnly: isMailOnly,
  })),
  digest,
})
