import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { default as addFormats } from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { defineRoute } from '#api/http/route.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { problemIn, type SampleApi, startSampleApi } from './sample-api.ts'

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Record<string, { readonly schema?: object }>
  }
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, { schema?: object }> }
  >
  readonly security: readonly object[]
}
interface Reference {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, object> }
}

let api: SampleApi
let problem: Awaited<ReturnType<typeof problemIn>>
let reference: Reference
beforeAll(async () => {
  api = await startSampleApi()
  reference = (await (await api.call('/openapi.json')).json()) as Reference
  // Asked here: checking schemas keeps this process busy for longer than the server keeps a connection.
  problem = await problemIn(
    await api.call('/v1/things', {
      method: 'POST',
      body: '{}',
      headers: { authorization: 'Bearer full-key', 'content-type': 'application/json' },
    }),
  )
})
afterAll(() => api.close())

function validator(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  return ajv
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

describe('the reference and the routes say the same', () => {
  test('every route is described', () => {
    for (const { path, method, operationId } of api.routes)
      expect(reference.paths[path]?.[method]?.operationId, `${method} ${path}`).toBe(operationId)
  })

  test('every described operation answers, and every other method of its path does not', async () => {
    for (const [path, item] of Object.entries(reference.paths))
      for (const method of METHODS) {
        const url = path.replaceAll(/\{\w+\}/g, '11111111-1111-4111-8111-111111111111')
        const response = await api.call(url, { method: method.toUpperCase() })
        await response.arrayBuffer()
        expect(response.status === 405, `${method} ${path}: ${response.status}`).toBe(
          item[method] === undefined,
        )
      }
  })

  test('the document describes itself, health and problems', () => {
    expect(reference.openapi).toBe('3.1.1')
    expect(Object.keys(reference.paths)).toEqual(
      expect.arrayContaining(['/openapi.json', '/healthz', '/readyz', '/problems/{slug}']),
    )
  })
})

describe('examples', () => {
  interface Content {
    readonly schema?: object & { readonly $ref?: string; readonly examples?: readonly unknown[] }
    readonly example?: unknown
  }
  const product = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Reference
  const contents = Object.values(product.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ operationId, requestBody, responses }) => [
      ...Object.entries(requestBody?.content ?? {}).map(([type, content]) => ({
        name: `the body of ${operationId}`,
        type,
        content: content as Content,
      })),
      ...Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([status, { content }]) =>
          Object.entries(content ?? {}).map(([type, each]) => ({
            name: `${status} of ${operationId}`,
            type,
            content: each as Content,
          })),
        ),
    ])
    .filter(
      ({ type, content }) =>
        (type === 'application/json' || type === 'text/csv') && content.schema !== undefined,
    )
  /** Beside the schema: few tools show what stands in the schema only, and a null shows nothing. */
  const examplesOf = ({ example }: Content): readonly unknown[] => (example == null ? [] : [example])

  test('there is one of every body in JSON or CSV, sent or answered, beside its schema', () => {
    const without = contents.filter(({ content }) => examplesOf(content).length === 0)
    expect(without.map(({ name, type }) => `${name} (${type})`)).toEqual([])
  })

  test('each fits its schema', () => {
    const ajv = validator()
    ajv.addSchema({ $id: 'product', components: product.components })
    const misfits = contents.flatMap(({ name, content }) => {
      const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"product#/'))
      const accepts = ajv.compile(schema)
      return examplesOf(content)
        .filter((example) => !accepts(example))
        .map(() => `${name}: ${ajv.errorsText(accepts.errors)}`)
    })
    expect(misfits).toEqual([])
  })
})

test('every operation with a body says that it refuses other kinds of bodies, and no other does', () => {
  const product = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Reference
  for (const { operationId, requestBody, responses } of Object.values(product.paths).flatMap((methods) =>
    Object.values(methods),
  ))
    expect([operationId, '415' in responses]).toEqual([operationId, requestBody !== undefined])
})

describe('an operation', () => {
  const creating = () => reference.paths['/v1/things']?.['post']

  test('names its headers, its body and the codes of its refusals', () => {
    expect(creating()?.parameters).toEqual([
      expect.objectContaining({ in: 'header', name: 'Idempotency-Key' }),
    ])
    expect(creating()?.requestBody?.required).toBe(true)
    expect(creating()?.responses['409']?.description).toMatch(/already-exists.*idempotency-key-reused/)
    expect(creating()?.responses['401']?.content).toHaveProperty(['application/problem+json'])
    expect(creating()?.security).toEqual([{ key: [] }, { session: [] }])
  })

  test('needs no credentials where none are needed', () => {
    expect(reference.paths['/healthz']?.['get']?.security).toEqual([{}])
  })

  test('wants If-Match where versions count', () => {
    const changing = reference.paths['/v1/things/{id}']?.['put']
    expect(changing?.parameters?.find(({ name }) => name === 'If-Match')).toMatchObject({ required: true })
  })

  test('lists every kind of body that it takes', () => {
    expect(Object.keys(reference.paths['/v1/verify']?.['post']?.requestBody?.content ?? {})).toEqual(
      expect.arrayContaining(['application/json', 'application/vc', 'text/plain', 'image/png']),
    )
  })

  test('has a schema of its body that refuses what the route refuses', () => {
    const schema = creating()?.requestBody?.content['application/json']?.schema ?? {}
    const ajv = validator()
    const accepts = ajv.compile({ ...schema, components: reference.components })
    expect(accepts({ name: 'a' })).toBe(true)
    expect(accepts({ name: 'a', id: 1 })).toBe(false)
    expect(accepts({ name: 7 })).toBe(false)
  })
})

test('a problem on the wire fits the schema of problems', () => {
  const accepts = validator().compile({
    $ref: '#/components/schemas/Problem',
    components: reference.components,
  })
  expect(accepts(problem), JSON.stringify(accepts.errors)).toBe(true)
})

describe('a route that would not keep its word is refused at start', () => {
  const base = {
    method: 'post',
    path: '/v1/x/{id}',
    operationId: 'x',
    tags: ['x'],
    summary: 'x',
    access: 'public',
    responses: { 200: z.object({}) },
    problems: [errors.notFound],
    handler: () => ({ status: 200, body: {} }) as const,
  } as const
  const params = z.object({ id: z.string() })

  test('a body that would drop unknown members', () => {
    const nested = z.strictObject({ list: z.array(z.union([z.string(), z.object({ a: z.string() })])) })
    expect(() => defineRoute({ ...base, request: { params, body: z.object({}) } })).toThrow(TypeError)
    expect(() => defineRoute({ ...base, request: { params, body: nested.optional() } })).toThrow(/list/)
    expect(() => defineRoute({ ...base, request: { params, body: z.looseObject({}) } })).not.toThrow()
  })

  test('a parameter in the path without a schema', () => {
    expect(() => defineRoute({ ...base, request: {} })).toThrow(TypeError)
  })

  test('two routes of one name or one place', async () => {
    const route = defineRoute({ ...base, request: { params } })
    const twin = defineRoute({
      ...base,
      path: '/v1/x/{slug}',
      operationId: 'y',
      request: { params: z.object({ slug: z.string() }) },
    })
    await expect(startSampleApi({ routes: [route, route] })).rejects.toThrow(TypeError)
    await expect(startSampleApi({ routes: [route, twin] })).rejects.toThrow(TypeError)
  })
})
