import * as z from 'zod'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { Page, PageRequest, PageStart } from '#services/ports/database.ts'

export const MOST_ITEMS = 100
const USUAL_ITEMS = 25

const CURSOR_LIMITS = { maxBytes: 200, maxDepth: 1, maxNodes: 3, maxKeys: 2 }
const CursorContent = z.strictObject({ at: z.int().min(0), id: z.uuid() })

/** Query parameters of every collection. Spread its shape: `z.object({ ...pageQuery, state: … })`. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_ITEMS)
    .default(USUAL_ITEMS)
    .meta({ description: 'Items on a page' }),
  cursor: z
    .string()
    .max(200)
    .refine((text) => readCursor(text) !== undefined, 'is no cursor of ours')
    .optional()
    .meta({ description: 'Where to go on: `next` of the page before, as it is' }),
}

/** The page that a parsed query asks for. */
export function pageRequest(query: {
  readonly limit: number
  readonly cursor?: string | undefined
}): PageRequest {
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
  return { limit: query.limit, ...(after === undefined ? {} : { after }) }
}

/** Schema of a page of `item`. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last one' }),
  })

/** The body of a page, with each item shown by `show`. */
export const pageBody = <T, U>(page: Page<T>, show: (item: T) => U): { items: U[]; next: string | null } => ({
  items: page.items.map(show),
  next: page.next === undefined ? null : writeCursor(page.next),
})

/** Opaque to callers; holds nothing but where the last page ended. */
export const writeCursor = ({ at, id }: PageStart): string =>
  Buffer.from(JSON.stringify({ at, id })).toString('base64url')

/** Undefined for anything that we would not have written. */
export function readCursor(text: string): PageStart | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  const parsed = parseStrictJson(new Uint8Array(Buffer.from(text, 'base64url')), CURSOR_LIMITS)
  return parsed.ok ? CursorContent.safeParse(parsed.value).data : undefined
}
