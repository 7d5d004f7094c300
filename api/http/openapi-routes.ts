import * as z from 'zod'
import { openApiDocument } from './openapi.ts'
import { defineRoute, type Route } from './route.ts'

/**
 * Adds `/openapi.json` to the routes, and describes them all, itself included.
 * The document is written once, at start.
 */
export function openApiRoutes(
  routes: readonly Route[],
  version: string,
): { readonly routes: readonly Route[]; readonly document: object } {
  let bytes: Uint8Array = new Uint8Array()
  const reference = defineRoute({
    method: 'get',
    path: '/openapi.json',
    operationId: 'getReference',
    tags: ['operation'],
    summary: 'This document',
    access: 'public',
    responses: { 200: { bytes: ['application/json'], holds: z.looseObject({ openapi: z.string() }) } },
    cacheSeconds: 60,
    anyOrigin: true,
    handler: () => ({ status: 200, bytes, mediaType: 'application/json' }),
  })
  const all = [...routes, reference]
  const document = openApiDocument(all, version)
  bytes = Buffer.from(`${JSON.stringify(document, undefined, 2)}\n`)
  return { routes: all, document }
}
