import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, type Json } from '#engine/shared/json.ts'

/** What values of an attribute are; `strings` is a list of texts. Declared once, so that rules can be checked by it. */
export const ATTRIBUTE_TYPES = ['string', 'number', 'boolean', 'strings'] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

const MAX_TEXT = 1000
const MAX_ITEMS = 100

/** What is wrong with a value of a declared type, in words; undefined where nothing is. Null unsets an attribute of any type. */
export function attributeFault(type: AttributeType, value: Json): string | undefined {
  if (value === null) return undefined
  switch (type) {
    case 'string':
      return isText(value) ? undefined : `is no text of at most ${MAX_TEXT} characters`
    case 'number':
      return typeof value === 'number' ? undefined : 'is no number'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'is neither true nor false'
    case 'strings':
      return isJsonArray(value) && value.length <= MAX_ITEMS && value.every(isText)
        ? undefined
        : `is no list of at most ${MAX_ITEMS} texts`
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * Reads a cell of a table as a value of a type: numbers with a point, `true` or `false`, items of a list apart by `|`.
 * Undefined where it is none.
 */
export function readAttributeCell(type: AttributeType, cell: string): Json | undefined {
  switch (type) {
    case 'string':
      return cell
    case 'number':
      return NUMBER.test(cell) && Number.isFinite(Number(cell)) ? Number(cell) + 0 : undefined
    case 'boolean':
      return cell === 'true' ? true : cell === 'false' ? false : undefined
    case 'strings':
      return cell.split('|').map((item) => item.trim())
  }
}

/** Whether two values are the same one. The order of a list counts. */
export const sameValue = (a: Json, b: Json): boolean => canonicalJson(a) === canonicalJson(b)

const isText = (value: Json): boolean => typeof value === 'string' && value.length <= MAX_TEXT
