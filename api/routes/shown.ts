import { errors } from '#engine/errors/catalogue.ts'
import { formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'

/** A moment that may be missing, as JSON shows it. */
export const timeOrNull = (at: Instant | undefined): string | null =>
  at === undefined ? null : formatInstant(at)

/** A time that passed its schema; one that is no date (2026-02-30) is refused here. */
export function readTime(text: string | undefined, pointer: string): Instant | undefined {
  return text === undefined ? undefined : requireTime(text, pointer)
}

/** The same of a time that has to be there. */
export function requireTime(text: string, pointer: string): Instant {
  const at = parseInstant(text)
  if (at !== undefined) return at
  throw errors.invalidRequest({
    errors: [{ in: 'body', pointer, code: 'invalid-time', message: 'is no date and time' }],
  })
}

/** Bytes as lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Drops what is undefined: ports know only what is there. */
export function given<T extends object>(
  values: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
} {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
