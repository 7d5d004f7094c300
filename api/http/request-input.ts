import type { Request } from 'express'
import * as z from 'zod'
import { errors } from '#engine/errors/catalogue.ts'
import type { RequestFault } from '#engine/errors/common-errors.ts'
import type { ReadBody, StreamedBody } from './body-reader.ts'
import type { RequestShape } from './route.ts'

export interface RequestInput {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
}

type Part = RequestFault['in']

const MOST_FAULTS = 50

/** Parses all parts of a request, and names all that is wrong at once. Refuses with invalid-request. */
export function parseInput(
  shape: RequestShape,
  request: Request,
  raw: ReadBody | StreamedBody | undefined,
): RequestInput {
  const faults: RequestFault[] = []
  const parse = (part: Part, schema: z.ZodType | undefined, value: unknown): unknown => {
    if (schema === undefined) return {}
    const parsed = safeParse(schema, value)
    if (parsed.success) return parsed.data
    faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(part, issue)))
    return undefined
  }
  const input = {
    params: parse('path', shape.params, request.params),
    query: parse('query', shape.query, readQuery(request, shape.query, faults)),
    headers: parse('header', shape.headers, request.headers),
    body: parseBody(shape, raw, faults, parse),
  }
  if (faults.length > 0) throw errors.invalidRequest({ errors: faults.slice(0, MOST_FAULTS) })
  return input
}

/** Parses a part of a body by itself, where one at fault does not stand for the whole. Pointers begin at the part. */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
):
  | { readonly ok: true; readonly part: z.output<Schema> }
  | { readonly ok: false; readonly faults: readonly RequestFault[] } {
  const parsed = safeParse(schema, value)
  if (parsed.success) return { ok: true, part: parsed.data as z.output<Schema> }
  return { ok: false, faults: parsed.error.issues.flatMap((issue) => faultsOf('body', issue)) }
}

function parseBody(
  shape: RequestShape,
  raw: ReadBody | StreamedBody | undefined,
  faults: RequestFault[],
  parse: (part: Part, schema: z.ZodType, value: unknown) => unknown,
): unknown {
  if (raw !== undefined && 'json' in raw && raw.json !== undefined && shape.body !== undefined)
    return parse('body', shape.body, raw.json)
  const isOptional = shape.bodyKinds === undefined && (shape.body?.safeParse(undefined).success ?? true)
  if (raw === undefined && !isOptional)
    faults.push({ in: 'body', pointer: '', code: 'missing', message: 'a body is missing' })
  return undefined
}

/** Names of parameters in which somebody may have put a key, whatever the route knows. */
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  'api_key',
  'apikey',
  'api-key',
  'access_token',
  'authorization',
])

/**
 * zod compares the `length` of whatever has one, also of an object that stands where a text or a list is wanted, and
 * throws where that is an object without a prototype.
 */
function safeParse(schema: z.ZodType, value: unknown): ReturnType<z.ZodType['safeParse']> {
  try {
    return schema.safeParse(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const issue: z.core.$ZodIssue = {
      code: 'custom',
      path: [],
      message: 'has an object where a text or a list is wanted',
      input: undefined,
    }
    return { success: false, error: new z.ZodError([issue]) }
  }
}

/** The query as strings, and as arrays where the schema has an array. Repeating any other parameter is a fault. */
function readQuery(
  request: Request,
  schema: z.ZodObject | undefined,
  faults: RequestFault[],
): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null)
  const start = request.url.indexOf('?')
  if (start < 0) return query
  for (const [name, value] of new URLSearchParams(request.url.slice(start + 1))) {
    if (CREDENTIAL_NAMES.has(name.toLowerCase()))
      throw errors.credentialInUrl({ parameter: name.toLowerCase() })
    const earlier = query[name]
    if (schema === undefined)
      faults.push({ in: 'query', pointer: pointerTo([name]), code: 'unknown', message: 'is not known here' })
    else if (isList(schema.shape[name])) query[name] = Array.isArray(earlier) ? [...earlier, value] : [value]
    else if (earlier !== undefined)
      faults.push({
        in: 'query',
        pointer: pointerTo([name]),
        code: 'repeated',
        message: 'stands there twice',
      })
    else if (name === '__proto__')
      faults.push({ in: 'query', pointer: pointerTo([name]), code: 'unknown', message: 'is not known here' })
    else query[name] = value
    if (faults.length > MOST_FAULTS) break
  }
  return query
}

/** Whether a schema is an array, looked at through optional, default and the like. */
function isList(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || !('def' in schema)) return false
  const def = schema.def as { type: string; innerType?: unknown; in?: unknown }
  return def.type === 'array' || isList(def.innerType ?? def.in)
}

/** Issues of a union are those of its nearest branch: the one that got deepest before something was wrong. */
function faultsOf(part: Part, issue: z.core.$ZodIssue, base: readonly PropertyKey[] = []): RequestFault[] {
  const path = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      in: part,
      pointer: pointerTo([...path, key]),
      code: 'unknown',
      message: 'is not known here',
    }))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest] = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a))
    if (nearest !== undefined && depthOf(nearest) > 0)
      return nearest.flatMap((each) => faultsOf(part, each, path))
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  return [
    { in: part, pointer: pointerTo(path), code: missing ? 'missing' : issue.code, message: issue.message },
  ]
}

/** How far a branch of a union went along with a value: not at all where the type itself is another. */
const depthOf = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(...issues.map(({ code, path }) => (code === 'invalid_type' ? path.length : path.length + 0.5)))

/** JSON Pointer (RFC 6901). Long names, which can only come from the caller, are cut. */
const pointerTo = (path: readonly PropertyKey[]): string =>
  path
    .map(
      (step) => `/${String(step).slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`,
    )
    .join('')
