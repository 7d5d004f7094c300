import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery } from '#api/schemas/common.ts'
import {
  ExpertAnswer,
  ExpertReview,
  ExpertReviewRequest,
  ExpertReviews,
  NewExpertReview,
} from '#api/schemas/expert-reviews.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, ExpertReviewId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ReviewRequest } from '#services/achievements/answer-expert-reviews.ts'
import { isStale } from '#services/achievements/expert-review-standing.ts'
import type { ExpertReview as StoredReview } from '#services/ports/expert-review-store.ts'
import { showDefinition } from './achievement-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, hex, timeOrNull } from './shown.ts'

const tags = ['achievements']
const VersionParams = z.strictObject({ id: Id, version: z.coerce.number().int().min(1).max(100_000) })
const TokenParams = z.strictObject({ token: z.string().min(20).max(100) })
const wrongSecret = errors.expertReviewUnknown

export const expertReviewRoutes = ({
  askExperts,
  answerExpertReviews,
  publicUrl,
}: RouteNeeds): readonly Route[] => {
  const showRequest = (shown: ReviewRequest): z.input<typeof ExpertReviewRequest> => {
    const { review, version, organisationName, issuerName, digest } = shown
    const { image } = version.definition
    return {
      state: review.state,
      organisationName,
      issuerName,
      message: review.message ?? null,
      version: version.version,
      definition: showDefinition(version.definition),
      image: image === undefined ? null : `${publicUrl}/images/${image}.png`,
      digest: hex(digest),
      expiresAt: formatInstant(review.expiresAt),
    }
  }
  return [
    defineRoute({
      method: 'get',
      path: '/v1/achievements/{id}/versions/{version}/expert-reviews',
      operationId: 'listExpertReviews',
      tags,
      summary: 'What experts from outside were asked and said about a version',
      description: 'With how many agree, and how many must before it is published.',
      access: { right: 'read' },
      request: { params: VersionParams, query: OrganisationQuery },
      responses: { 200: ExpertReviews },
      problems: [errors.notFound],
      handler: async ({ principal, params, query }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const named = { id: params.id as AchievementId, version: params.version }
        const { reviews, digest, standing } = await askExperts.list(principal, organisationId, named)
        return {
          status: 200,
          body: {
            items: reviews.map((review) => showReview(review, digest)),
            digest: hex(digest),
            standing: { ...standing },
          },
        }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/achievements/{id}/versions/{version}/expert-reviews',
      operationId: 'askExpert',
      tags,
      summary: 'Ask an expert from outside about a version, by mail',
      description:
        'While it is `in_review` or `approved`. The mail has a link that works for 14 days and is shown nowhere else; whoever has it sees the version and answers without an account.',
      access: { right: 'update' },
      request: { params: VersionParams, query: OrganisationQuery, body: NewExpertReview },
      responses: { 201: ExpertReview },
      problems: [errors.notFound, errors.versionNotInReview, errors.expertReviewOpen, errors.conflict],
      idempotent: true,
      handler: async ({ principal, params, query, body }) => {
        const { email: address, language, message } = body
        const asked = await askExperts.ask(
          principal,
          organisationFor(principal, query.organisation),
          { id: params.id as AchievementId, version: params.version },
          { address, language, ...given({ message }) },
        )
        return { status: 201, body: showReview(asked, new Uint8Array()) }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/expert-reviews/{id}/resend',
      operationId: 'resendExpertReview',
      tags,
      summary: 'Mail a request to an expert again',
      description:
        'Of one that is `requested` or `viewed`, at most ten times. With a fresh link and fresh 14 days; the link of the mail before opens nothing any more.',
      access: { right: 'update' },
      request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
      responses: { 200: ExpertReview },
      problems: [
        errors.notFound,
        errors.expertReviewClosed,
        errors.versionNotInReview,
        errors.sentTooOften,
        errors.conflict,
      ],
      idempotent: true,
      handler: async ({ principal, params, query }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const sent = await askExperts.sendAgain(principal, organisationId, params.id as ExpertReviewId)
        return { status: 200, body: showReview(sent, new Uint8Array()) }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/expert-reviews/{id}/withdraw',
      operationId: 'withdrawExpertReview',
      tags,
      summary: 'Take a request to an expert back',
      description: 'Of one that is `requested` or `viewed`. The link opens nothing any more.',
      access: { right: 'update' },
      request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
      responses: { 200: ExpertReview },
      problems: [errors.notFound, errors.expertReviewClosed, errors.conflict],
      handler: async ({ principal, params, query }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const withdrawn = await askExperts.withdraw(principal, organisationId, params.id as ExpertReviewId)
        return { status: 200, body: showReview(withdrawn, new Uint8Array()) }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/expert-review-links/{token}',
      operationId: 'viewExpertReview',
      tags: ['public'],
      summary: 'What an expert is asked about',
      description: 'That it was looked at is noted: the request is `viewed` from then on.',
      access: 'public',
      request: { params: TokenParams },
      responses: { 200: ExpertReviewRequest },
      problems: [errors.expertReviewUnknown, errors.expertReviewClosed, errors.versionNotInReview],
      wrongSecret,
      handler: async ({ params }) => ({
        status: 200,
        body: showRequest(await answerExpertReviews.view(params.token)),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/expert-review-links/{token}/answer',
      operationId: 'answerExpertReview',
      tags: ['public'],
      summary: 'What the expert thinks of it',
      description:
        'Once, about the very text that was shown (`digest`). An edit afterwards makes the answer stale.',
      access: 'public',
      request: { params: TokenParams, body: ExpertAnswer },
      responses: { 200: ExpertReviewRequest },
      problems: [
        errors.expertReviewUnknown,
        errors.expertReviewClosed,
        errors.expertReviewOutdated,
        errors.versionNotInReview,
      ],
      wrongSecret,
      handler: async ({ params, body: { digest, verdict, name, ...words } }) => {
        const said = { verdict, name, ...given(words) }
        return {
          status: 200,
          body: showRequest(await answerExpertReviews.answer(params.token, digest, said)),
        }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/expert-review-links/{token}/decline',
      operationId: 'declineExpertReview',
      tags: ['public'],
      summary: 'Rather not say what one thinks of it',
      access: 'public',
      request: { params: TokenParams },
      responses: { 204: { empty: true } },
      problems: [errors.expertReviewUnknown, errors.expertReviewClosed],
      wrongSecret,
      handler: async ({ params }) => {
        await answerExpertReviews.decline(params.token)
        return { status: 204 }
      },
    }),
  ]
}

const showReview = (review: StoredReview, digest: Uint8Array): z.input<typeof ExpertReview> => ({
  id: review.id,
  email: review.address,
  language: review.language,
  message: review.message ?? null,
  state: review.state,
  requestedBy: review.requestedBy,
  requestedAt: formatInstant(review.requestedAt),
  sentAt: formatInstant(review.sentAt),
  timesSent: review.timesSent,
  expiresAt: formatInstant(review.expiresAt),
  viewedAt: timeOrNull(review.viewedAt),
  closedAt: timeOrNull(review.closedAt),
  answer:
    review.answer === undefined
      ? null
      : {
          verdict: review.answer.verdict,
          remarks: review.answer.remarks ?? null,
          name: review.answer.name,
          organisation: review.answer.organisation ?? null,
          qualification: review.answer.qualification ?? null,
          digest: hex(review.answer.digest),
          stale: isStale(review, digest),
        },
})
