import { STATUS_CODES } from 'node:http'
import * as z from 'zod'
import {
  createDocument,
  type oas31,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { exampleOf } from '#api/examples/example-of.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { ErrorDefinition } from '#engine/errors/define-error.ts'
import { jsonResponse, type ResponseSpec } from './answer.ts'
import { isJsonKind, mediaTypes } from './media-types.ts'
import { PROBLEM_MEDIA_TYPE, ProblemSchema } from './problems.ts'
import type { Access, Route } from './route.ts'

/** The OpenAPI 3.1 document of these routes. Says nothing of where the product runs, so it is the same everywhere. */
export function openApiDocument(routes: readonly Route[], version: string): oas31.OpenAPIObject {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {}
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) }
  const tags = [...new Set(routes.flatMap((route) => route.tags))].map((name) => ({ name }))
  const document: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: {
      title: 'Waarmerk API',
      version,
      description:
        'Events come in, rules decide, awards are issued as Open Badges 3.0 credentials, anchored, claimed, endorsed and verified. A body of another kind than an operation takes is refused with 415, and `Accept` names those that it takes. An operation answers in the form that is described here, whatever a caller would accept: there is no 406, and what is a page for people goes to whoever asks for HTML.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags,
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key of an organisation' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-waarmerk-session',
          description: 'A person who signed in',
        },
      },
    },
  }
  return createDocument(document, {
    allowEmptySchema: { unknown: true, any: true },
  }) as oas31.OpenAPIObject
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { params, query, headers } = route.request
  const own = kitHeaders(route)
  const header =
    headers === undefined && own === undefined ? undefined : z.object({ ...headers?.shape, ...own })
  const requestBody = bodyOf(route)
  return {
    operationId: route.operationId,
    tags: [...route.tags],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: security(route.access),
    ...(typeof route.access === 'object' ? { 'x-right': route.access.right } : {}),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(header === undefined ? {} : { header }),
    },
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responses(route),
  }
}

function kitHeaders(route: Route): Record<string, z.ZodType> | undefined {
  if (!route.idempotent && !route.ifMatch) return undefined
  return {
    ...(route.idempotent
      ? {
          'Idempotency-Key': z
            .string()
            .min(1)
            .max(255)
            .optional()
            .meta({ description: 'A call that is repeated with the same key gets the first answer' }),
        }
      : {}),
    ...(route.ifMatch ? { 'If-Match': ifMatchHeader(route.ifMatch) } : {}),
  }
}

const ifMatchHeader = (ifMatch: true | 'optional'): z.ZodType =>
  ifMatch === true
    ? z.string().meta({ description: 'The ETag of what was read' })
    : z.string().optional().meta({
        description: 'The ETag of what was read: refused (412) where it has changed since',
      })

function bodyOf({ request, operationId }: Route): ZodOpenApiOperationObject['requestBody'] {
  const kinds = request.bodyKinds ?? (request.body === undefined ? [] : (['json'] as const))
  if (kinds.length === 0) return undefined
  const content = Object.fromEntries(
    kinds.flatMap((kind) =>
      mediaTypes[kind].map((type) => [
        type,
        {
          schema: isJsonKind(kind)
            ? (request.body ?? {})
            : kind === 'text' || kind === 'jwt'
              ? { type: 'string' as const }
              : {},
          ...(isJsonKind(kind)
            ? exampled(exampleOf(operationId)?.request, request.body)
            : exampled(request.examples?.[kind])),
        },
      ]),
    ),
  )
  const isOptional = request.bodyKinds === undefined && (request.body?.safeParse(undefined).success ?? true)
  return { content, required: !isOptional }
}

function responses(route: Route): ZodOpenApiResponsesObject {
  const all: Record<string, ZodOpenApiResponsesObject[`${2}${string}`]> = {}
  for (const [status, spec] of Object.entries(route.responses))
    all[status] = response(status, spec, exampleOf(route.operationId)?.responses[status])
  const refusals = Map.groupBy(problemsOf(route), ({ status }) => String(status))
  for (const [status, definitions] of [...refusals].sort(([a], [b]) => a.localeCompare(b))) {
    const codes = [...new Set(definitions.map(({ code }) => code))]
    if (all[status] !== undefined) continue
    all[status] = {
      description: `${STATUS_CODES[status] ?? 'Problem'}: ${codes.join(', ')}`,
      content: { [PROBLEM_MEDIA_TYPE]: { schema: ProblemSchema } },
    }
  }
  return all as ZodOpenApiResponsesObject
}

/**
 * Beside the schema, where readers and tools look for it: what was recorded, or else what the schema tells itself. A
 * recorded null says nothing.
 */
function exampled(recorded: unknown, schema?: unknown) {
  const example = recorded ?? (schema instanceof z.ZodType ? toldBy(schema) : undefined)
  return example === undefined ? {} : { example }
}

function toldBy(schema: z.ZodType): unknown {
  const [first] = schema.meta()?.examples ?? []
  if (first !== undefined) return first
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
  return isWrapped ? toldBy(schema.unwrap() as z.ZodType) : undefined
}

function response(status: string, spec: ResponseSpec, example: unknown) {
  const description = ('description' in spec ? spec.description : undefined) ?? STATUS_CODES[status] ?? ''
  const json = jsonResponse(spec)
  if (json !== undefined) {
    const headers = Object.entries(json.headers ?? {}).map(
      ([name, holds]) => [name, { description: holds, schema: { type: 'string' as const } }] as const,
    )
    return {
      description: description || (STATUS_CODES[status] ?? ''),
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
      content: {
        [json.mediaType ?? 'application/json']: { schema: json.schema, ...exampled(example, json.schema) },
      },
    }
  }
  if ('bytes' in spec) {
    const schema = spec.holds
    return {
      description,
      content: Object.fromEntries(
        spec.bytes.map((type) => [
          type,
          /json/.test(type) && schema !== undefined ? { schema, ...exampled(example, schema) } : {},
        ]),
      ),
    }
  }
  if ('stream' in spec)
    return { description, content: Object.fromEntries(spec.stream.map((type) => [type, {}])) }
  return { description }
}

/** What a route may refuse with: what it names, and what the kit refuses for it. */
export function problemsOf(route: Route): readonly ErrorDefinition[] {
  const { request, access } = route
  const takesBody = request.body !== undefined || request.bodyKinds !== undefined
  return [
    ...(route.problems ?? []),
    errors.invalidRequest,
    errors.rateLimited,
    errors.internal,
    ...(access === 'public' ? [] : [errors.unauthenticated]),
    ...(access === 'session' || access === 'any-session' ? [errors.sessionRequired] : []),
    ...(access === 'session' || access === 'authenticated' ? [errors.fullSessionRequired] : []),
    ...(typeof access === 'object' ? [errors.forbidden] : []),
    ...(access !== 'public' && route.method !== 'get' ? [errors.crossOriginRefused] : []),
    ...(takesBody
      ? [
          errors.unsupportedMediaType,
          errors.unsupportedContentEncoding,
          errors.bodyTooLarge,
          errors.malformedJson,
          errors.jsonTooComplex,
        ]
      : []),
    ...(route.ifMatch === true ? [errors.preconditionRequired] : []),
    ...(route.ifMatch ? [errors.preconditionFailed] : []),
    ...(route.idempotent
      ? [errors.idempotencyKeyInvalid, errors.idempotencyKeyReused, errors.idempotencyInProgress]
      : []),
  ]
}

function security(access: Access): oas31.SecurityRequirementObject[] {
  if (access === 'public') return [{}]
  const isForPeople = access === 'session' || access === 'any-session'
  return isForPeople ? [{ session: [] }] : [{ key: [] }, { session: [] }]
}
