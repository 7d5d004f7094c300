import * as z from 'zod'
import { errors } from '#engine/errors/catalogue.ts'
import { LATEST } from '#engine/shared/instant.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { Page, PageRequest, PageStart } from '#services/ports/page.ts'

const CURSOR_LIMITS = { maxBytes: 200, maxDepth: 1, maxNodes: 3, maxKeys: 2 }
const CursorContent = z.strictObject({ at: z.int().min(0).max(LATEST), id: z.uuid() })

/** The page that a parsed query asks for. Refuses a cursor that we would not have written with invalid-request. */
export function pageRequest(query: {
  readonly limit: number
  readonly cursor?: string | undefined
}): PageRequest {
  if (query.cursor === undefined) return { limit: query.limit }
  const after = readCursor(query.cursor)
  if (after !== undefined) return { limit: query.limit, after }
  const fault = {
    in: 'query',
    pointer: '/cursor',
    code: 'invalid-cursor',
    message: 'is no cursor of ours',
  } as const
  throw errors.invalidRequest({ errors: [fault] })
}

/** The body of a page, with each item shown by `show`. */
export const pageBody = <T, U>(page: Page<T>, show: (item: T) => U): { items: U[]; next: string | null } => ({
  items: page.items.map(show),
  next: page.next === undefined ? null : writeCursor(page.next),
})

/** Opaque to callers; holds nothing but where the page ended. */
const writeCursor = ({ at, id }: PageStart): string =>
  Buffer.from(JSON.stringify({ at, id })).toString('base64url')

function readCursor(text: string): PageStart | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  const parsed = parseStrictJson(new Uint8Array(Buffer.from(text, 'base64url')), CURSOR_LIMITS)
  return parsed.ok ? CursorContent.safeParse(parsed.value).data : undefined
}
