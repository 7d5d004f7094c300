import { entriesOf } from '#engine/cel/cel-map.ts'
import { formatDuration, formatTimestamp } from '#engine/cel/moment.ts'
import type { CelResult } from '#engine/cel/value.ts'
import {
  CelDuration,
  CelFailure,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  isList,
  isMap,
} from '#engine/cel/value.ts'

/** A value with its type, so that values of two types never pass for each other. */
export function textOf(value: CelResult): string {
  if (value instanceof CelFailure) return `failure: ${value.reason}`
  if (typeof value === 'bigint') return `${value}`
  if (typeof value === 'number') return `double ${Object.is(value, -0) ? 0 : value}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'boolean' || value === null) return String(value)
  if (value instanceof CelUint) return `${value.value}u`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (value instanceof CelTimestamp) return `timestamp ${formatTimestamp(value)}`
  if (value instanceof CelDuration) return `duration ${formatDuration(value)}`
  if (value instanceof CelTypeValue) return `type ${value.name}`
  if (value instanceof CelOptional) return `optional ${value.value === undefined ? '' : textOf(value.value)}`
  if (isList(value)) return `[${value.map(textOf).join(', ')}]`
  if (!isMap(value)) return 'nothing'
  const entries = [...entriesOf(value)].map(([key, item]) => `${textOf(key)}: ${textOf(item)}`)
  return `{${entries.sort().join(', ')}}`
}
