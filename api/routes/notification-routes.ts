import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { NotificationPage, NotificationParams, NotificationQuery } from '#api/schemas/notifications.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['notifications']

/** What whoever is signed in is told. */
export const notificationRoutes = ({ notifications }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/notifications',
    operationId: 'listNotifications',
    tags,
    summary: 'What you are told, newest first',
    description:
      'Of all your organisations and badges, kept for 90 days. What members are told is no longer shown to who has left the organisation.',
    access: 'session',
    request: { query: NotificationQuery },
    responses: { 200: NotificationPage },
    problems: [errors.fullSessionRequired],
    handler: async ({ principal, query }) => {
      const found = await notifications.list(
        principal,
        pageRequest(query),
        given({ unread: query.unread === 'true', language: query.language }),
      )
      const body = pageBody(found, ({ createdAt, readAt, ...rest }) => ({
        ...rest,
        createdAt: formatInstant(createdAt),
        readAt: timeOrNull(readAt),
      }))
      return { status: 200, body: { ...body, unread: found.unread } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/notifications/read',
    operationId: 'readAllNotifications',
    tags,
    summary: 'Mark all of them as read',
    access: 'session',
    responses: { 204: { empty: true } },
    problems: [errors.fullSessionRequired],
    handler: async ({ principal }) => {
      await notifications.markAllRead(principal)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/notifications/{id}/read',
    operationId: 'readNotification',
    tags,
    summary: 'Mark one as read',
    description: 'Twice is once. One of somebody else is answered as one that does not exist.',
    access: 'session',
    request: { params: NotificationParams },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.fullSessionRequired],
    handler: async ({ principal, params }) => {
      await notifications.markRead(principal, params.id)
      return { status: 204 }
    },
  }),
]
