/** The occasion of an award, as it is told in words. */
export type Occurrence =
  | { readonly kind: 'once' | 'context' | 'event' }
  | { readonly kind: 'renewal'; readonly number: string }
  | { readonly kind: 'period'; readonly period: string; readonly zone: string }
  | { readonly kind: 'other'; readonly text: string }

/** Reads the text that names an occasion. One that it does not know is shown as it came, so that newer rules still show. */
export function readOccurrence(text: string): Occurrence {
  if (text === 'once') return { kind: 'once' }
  if (text.startsWith('ctx:')) return { kind: 'context' }
  if (text.startsWith('event:')) return { kind: 'event' }
  const number = /^renewal:(\d+)$/.exec(text)?.[1]
  if (number !== undefined) return { kind: 'renewal', number }
  const [, period, zone] = /^period:([^@]+)@(.+)$/.exec(text) ?? []
  return period === undefined || zone === undefined
    ? { kind: 'other', text }
    : { kind: 'period', period, zone }
}
