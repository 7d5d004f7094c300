import { type Query, read } from './client.ts'

interface Answer<T> {
  readonly items: readonly T[]
  readonly next?: string | null
}

/**
 * A whole collection, page after page: for a choice, for names, and where what stands on a later page must not be missed.
 */
export async function readAll<T>(path: string, query: Query = {}): Promise<readonly T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const { items, next }: Answer<T> = await read(path, { ...query, cursor })
    all.push(...items)
    cursor = next ?? undefined
  } while (cursor !== undefined)
  return all
}
