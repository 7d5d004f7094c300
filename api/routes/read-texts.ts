import { errors } from '#engine/errors/catalogue.ts'
import type { RequestFault } from '#engine/errors/common-errors.ts'
import { isVisible } from '#engine/shared/visible-text.ts'

/**
 * The same value with its texts trimmed. Refuses with invalid-request what shows nothing; not in the schema, which what
 * was stored before has to fit as well.
 */
export function readTexts<T>(value: T, pointer = '/definition'): T {
  const faults: RequestFault[] = []
  const read = (each: unknown, at: string): unknown => {
    if (typeof each === 'string') {
      if (!isVisible(each))
        faults.push({ in: 'body', pointer: at, code: 'blank', message: 'nothing of it can be seen' })
      return each.trim()
    }
    if (Array.isArray(each)) return each.map((item, n) => read(item, `${at}/${n}`))
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(Object.entries(each).map(([name, item]) => [name, read(item, `${at}/${name}`)]))
  }
  const trimmed = read(value, pointer) as T
  if (faults.length > 0) throw errors.invalidRequest({ errors: faults.slice(0, 50) })
  return trimmed
}
