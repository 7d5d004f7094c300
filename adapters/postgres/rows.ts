import type { OrganisationId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Prisma } from '#prisma'
import type { Page, PageRequest } from '#services/ports/page.ts'

/** A transaction: what the stores are made of. */
export type Transaction = Prisma.TransactionClient

export const instant = (date: Date): Instant => asInstant(date.getTime())
export const date = (at: Instant): Date => new Date(at)

/** Bytes as Prisma wants them: backed by a plain ArrayBuffer. */
export const bytes = (value: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(value)

/** A row without its nulls: a field exists only where it is known. */
export type Known<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: Exclude<T[K], null>
}

export function known<T extends object>(row: T): Known<T> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Known<T>
}

/** What hand-written statements answer of rows that they moved, in whatever organisations. */
export interface OwnedRow {
  readonly organisation_id: string
  readonly id: string
}
export const owned = <Id extends string>({ organisation_id, id }: OwnedRow) => ({
  organisationId: organisation_id as OrganisationId,
  id: id as Id,
})

/** What an `Instant?` field of a port becomes. */
export const instantOrNull = (value: Date | null): Instant | null => (value === null ? null : instant(value))
export const dateOrNull = (value: Instant | undefined): Date | null =>
  value === undefined ? null : date(value)

/**
 * What `findMany` takes for a page of a newest-first listing: one row more than is asked for, for `page`. The type of the
 * `where` is named, so that the compiler looks at columns and values as it does without this.
 */
export function newestFirst<Where extends object>(
  column: keyof Where & string,
  { after, limit }: PageRequest,
  where: NoInfer<Where>,
) {
  const order = 'desc' as const
  return {
    where: { AND: [where, behindLast(column, after)] },
    orderBy: [{ [column]: order }, { id: order }],
    take: limit + 1,
  }
}

function behindLast(column: string, after: PageRequest['after']) {
  if (after === undefined) return {}
  const at = new Date(after.at)
  return { OR: [{ [column]: { lt: at } }, { [column]: at, id: { lt: after.id } }] }
}

/** The part of a `where` that leaves out other achievements than these, where there are any such. */
export const ofAchievements = (among: readonly string[] | undefined) =>
  among === undefined ? {} : { achievement_id: { in: [...among] } }

/**
 * The id behind which the next turn begins: `ORDER BY (organisation_id > …) DESC, organisation_id` goes round all
 * organisations that have something to do, beginning behind the one whose turn was last.
 */
export const behind = (last: OrganisationId | undefined): string => last ?? NOBODY
const NOBODY = '00000000-0000-0000-0000-000000000000' // less than the id of any organisation

/** Makes a page of rows that were read with one more than the limit. */
export function page<T extends { readonly id: string }>(
  items: readonly T[],
  limit: number,
  at: (item: T) => number,
): Page<T> {
  if (items.length <= limit) return { items }
  const shown = items.slice(0, limit)
  const last = shown.at(-1)
  return last === undefined ? { items: shown } : { items: shown, next: { at: at(last), id: last.id } }
}
