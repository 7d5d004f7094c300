import * as z from 'zod'
import { errors } from '#engine/errors/catalogue.ts'
import type { ErrorDefinition } from '#engine/errors/define-error.ts'
import { prefersHtml } from './content-negotiation.ts'
import { escapeHtml, htmlPage } from './html.ts'
import { defineRoute, type Route } from './route.ts'

const HTML = 'text/html; charset=utf-8'

const byCode: ReadonlyMap<string, ErrorDefinition> = new Map(
  Object.values(errors).map((each) => [each.code, each]),
)

const Explanation = z
  .object({ code: z.string(), status: z.int(), retry: z.boolean(), advice: z.string() })
  .meta({ id: 'ProblemExplanation' })

/** `/problems/{slug}`: what the `type` of every problem points to, as JSON or as a small page. */
export const problemRoutes = (): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/problems/{slug}',
    operationId: 'explainProblem',
    tags: ['operation'],
    summary: 'What a problem means and what to do about it',
    access: 'public',
    request: { params: z.object({ slug: z.string().max(100) }) },
    responses: { 200: { bytes: ['application/json', HTML], holds: Explanation } },
    problems: [errors.notFound],
    cacheSeconds: 3600,
    handler: ({ params, rawHeaders }) => {
      const found = byCode.get(params.slug)
      if (found === undefined) throw errors.notFound({ what: 'problem' })
      const { code, status, retry, advice } = found
      const headers = { Vary: 'Accept' }
      return prefersHtml(rawHeaders.accept)
        ? { status: 200, bytes: page(found), mediaType: HTML, headers }
        : {
            status: 200,
            bytes: Buffer.from(JSON.stringify({ code, status, retry, advice })),
            mediaType: 'application/json',
            headers,
          }
    },
  }),
]

const page = ({ code, status, retry, advice }: ErrorDefinition): Uint8Array =>
  htmlPage(
    code,
    `<h1><code>${escapeHtml(code)}</code></h1>
<p>${escapeHtml(advice)}</p>
<dl><dt>HTTP status</dt><dd>${status}</dd><dt>Try the same call again?</dt><dd>${retry ? 'Yes, later.' : 'No, change it first.'}</dd></dl>
<p><a href="/docs/">API documentation</a></p>`,
  )
