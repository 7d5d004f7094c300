import type { IncomingHttpHeaders } from 'node:http'
import type * as z from 'zod'
import type { Principal, Right } from '#engine/access/rights.ts'
import type { ErrorDefinition } from '#engine/errors/define-error.ts'
import { type Answer, type AnswerOf, isSchema, type Responses } from './answer.ts'
import type { ReadBody, StreamedBody } from './body-reader.ts'
import { assertClosed } from './closed-objects.ts'
import type { BodyLimitName } from './http-limits.ts'
import type { BodyKind } from './media-types.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/**
 * Who may call. `public`: anybody; `authenticated`: any key or person; `session`: a person who signed in;
 * `any-session`: also one whom a claim link let in; `{ right }`: who holds that right on some unit. On which unit it must be held is for the service to check.
 */
export type Access = 'public' | 'authenticated' | 'session' | 'any-session' | { readonly right: Right }

export interface RequestShape {
  readonly params?: z.ZodObject
  /** Unknown parameters and repeated ones are refused; a repeated one is fine where the schema has an array. */
  readonly query?: z.ZodObject
  /** Names in lower case. Unknown headers are let through. */
  readonly headers?: z.ZodObject
  /** For the JSON kinds. Every object in it is a `z.strictObject`, `z.looseObject` or `z.record`. */
  readonly body?: z.ZodType
  /** Default: JSON where there is a body schema, else none. */
  readonly bodyKinds?: readonly BodyKind[]
  /** What one of a kind that is no JSON looks like, for the reference. */
  readonly examples?: Partial<Readonly<Record<BodyKind, string>>>
  /** Default: `standard`. */
  readonly bodyLimit?: BodyLimitName
  /** The handler takes the body as it comes in, with `bodyKinds`. Its bytes are never together in memory. */
  readonly streamed?: true
}

/** Whether a route wants `If-Match`: yes, no, or looks at one that was sent. */
type IfMatch = boolean | 'optional'

type Parsed<S, K extends keyof RequestShape> = S extends { readonly [key in K]: infer T extends z.ZodType }
  ? z.output<T>
  : Record<never, never>

/** A body schema next to other kinds than JSON is met only by JSON: there the body may be undefined. */
type ParsedBody<S> = S extends { readonly body: infer B extends z.ZodType }
  ? S extends { readonly bodyKinds: readonly BodyKind[] }
    ? z.output<B> | undefined
    : z.output<B>
  : undefined

/** There is a body wherever kinds are named; an optional schema alone makes it optional. */
type Raw<S> = S extends { readonly streamed: true }
  ? StreamedBody
  : S extends { readonly bodyKinds: readonly BodyKind[] }
    ? ReadBody
    : S extends { readonly body: infer B extends z.ZodType }
      ? undefined extends z.input<B>
        ? ReadBody | undefined
        : ReadBody
      : undefined

type PrincipalFor<A extends Access> = A extends 'public'
  ? Principal | undefined
  : A extends 'session' | 'any-session'
    ? Extract<Principal, { kind: 'session' }>
    : Principal

/** What a handler gets: everything parsed, nothing left to check but the business. */
export interface RouteContext<S = RequestShape, A extends Access = Access, M = IfMatch> {
  readonly params: Parsed<S, 'params'>
  readonly query: Parsed<S, 'query'>
  readonly headers: Parsed<S, 'headers'>
  readonly body: ParsedBody<S>
  /** The body as it came: kind, media type, bytes, and for the JSON kinds the strictly parsed value. */
  readonly raw: Raw<S>
  /** All headers as they came, for protocols that put data there (binary CloudEvents). */
  readonly rawHeaders: IncomingHttpHeaders
  readonly principal: PrincipalFor<A>
  /** From `If-Match`, where the route has `ifMatch: true`; with `'optional'` undefined where the caller sent none. */
  readonly expectedVersion: M extends true ? number : M extends 'optional' ? number | undefined : undefined
  /** Asked by HEAD: for the headers of the answer only. */
  readonly isHead: boolean
  /** UUID; stands in the log and in every problem. */
  readonly requestId: string
  /** The caller's key, where it sent one. */
  readonly idempotencyKey: string | undefined
  /** Address of the caller, behind the configured proxies. For limits and the audit trail only. */
  readonly address: string
}

interface RouteFacts<S extends RequestShape, A extends Access, R extends Responses, M extends IfMatch> {
  readonly method: Method
  /** As in OpenAPI: `/v1/rules/{id}/versions`. */
  readonly path: `/${string}`
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly access: A
  readonly request?: S
  readonly responses: R
  /** What it may refuse with, from the catalogue (`errors.notFound`). The kit adds its own (400, 401, 413 …). */
  readonly problems?: readonly ErrorDefinition[]
  /**
   * Takes an `Idempotency-Key`: a repeated call gets the first answer.
   * `secrets` names members of the answer that are not kept, and are null when it is replayed.
   */
  readonly idempotent?: boolean | { readonly secrets: readonly string[] }
  /** Wants `If-Match` with the version that the caller has seen; `optional`: looks at it where there is one. */
  readonly ifMatch?: M
  /**
   * What it refuses a wrong secret with. Who shows too many wrong ones, or an address that does, is stopped before the
   * next is looked at (rate-limited).
   */
  readonly wrongSecret?: ErrorDefinition
  /** Seconds that anybody may keep a public answer. Without it every answer is `no-store`. */
  readonly cacheSeconds?: number
  /** Any web page may read it (`Access-Control-Allow-Origin: *`, no credentials). For public verification only. */
  readonly anyOrigin?: boolean
  /** The same URL is a page for people: a browser that asks for HTML gets the web application. */
  readonly page?: boolean
}

export interface RouteDefinition<
  S extends RequestShape,
  A extends Access,
  R extends Responses,
  M extends IfMatch,
> extends RouteFacts<S, A, R, M> {
  readonly handler: (context: RouteContext<S, A, M>) => Promise<AnswerOf<R>> | AnswerOf<R>
}

/** A route with its types worn off, as the router and the reference take it. */
export interface Route extends RouteFacts<RequestShape, Access, Responses, IfMatch> {
  readonly request: RequestShape
  readonly handler: (context: RouteContext<unknown>) => Promise<Answer> | Answer
}

/**
 * Defines one operation: the router mounts it, the reference describes it, the handler is typed by it.
 * Throws at start when a body schema would drop unknown members silently, or a path parameter has no schema.
 */
export function defineRoute<
  const S extends RequestShape,
  const A extends Access,
  const R extends Responses,
  const M extends IfMatch = false,
>(definition: RouteDefinition<S, A, R, M>): Route {
  const name = `${definition.method.toUpperCase()} ${definition.path}`
  if (definition.request?.body !== undefined) assertClosed(definition.request.body, `${name}, body`)
  const named = [...definition.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')
  const described = Object.keys(definition.request?.params?.shape ?? {})
  if (named.sort().join() !== described.sort().join())
    throw new TypeError(`${name}: the path names ${named.join()}, the schema ${described.join()}.`)
  for (const [status, spec] of Object.entries(definition.responses))
    if (isSchema(spec) && (status === '204' || status === '304'))
      throw new TypeError(`${name}: ${status} has no body.`)
  const query = definition.request?.query?.strict()
  const request = { ...definition.request, ...(query === undefined ? {} : { query }) }
  // The one place where the types come off: the router hands the handler what the schemas made.
  return { ...definition, request } as unknown as Route
}
