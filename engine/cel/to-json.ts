import type { Json } from '#engine/shared/json.ts'
import { encodeBase64 } from './base64.ts'
import { entriesOf } from './cel-map.ts'
import { EXHAUSTED, type Meter, spend } from './meter.ts'
import { formatDuration, formatTimestamp } from './moment.ts'
import type { CelResult } from './value.ts'
import {
  CelDuration,
  CelFailure,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  isList,
  isMap,
} from './value.ts'

const NO_JSON = new CelFailure('a number is none that JSON can write')
const NO_NAME = new CelFailure('a member of a JSON object has no text for a name')

/**
 * A value as JSON: moments as texts, whole numbers as numbers where those are exact and as texts beyond, bytes in
 * Base64, an optional as what it has or null.
 */
export function toJson(value: CelResult, meter: Meter): Json | CelFailure {
  if (value instanceof CelFailure) return value
  if (!spend(meter, 1)) return EXHAUSTED
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'bigint':
      return ofWhole(value)
    case 'number':
      return Number.isFinite(value) ? value : NO_JSON
    default:
      break
  }
  if (value === null) return null
  if (isList(value)) return ofList(value, meter)
  if (value instanceof CelUint) return ofWhole(value.value)
  if (value instanceof CelTimestamp) return formatTimestamp(value)
  if (value instanceof CelDuration) return formatDuration(value)
  if (value instanceof CelOptional) return value.value === undefined ? null : toJson(value.value, meter)
  if (value instanceof CelTypeValue) return value.name
  if (value instanceof Uint8Array) return toJson(encodeBase64([value], meter), meter)
  return isMap(value) ? ofMap(value, meter) : NO_JSON
}

const ofWhole = (value: bigint): Json => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value))

function ofList(list: readonly CelResult[], meter: Meter): Json | CelFailure {
  const made: Json[] = []
  for (const item of list) {
    const json = toJson(item, meter)
    if (json instanceof CelFailure) return json
    made.push(json)
  }
  return made
}

function ofMap(map: Parameters<typeof entriesOf>[0], meter: Meter): Json | CelFailure {
  const made: Record<string, Json> = Object.create(null)
  for (const [key, value] of entriesOf(map)) {
    const name = key instanceof CelUint ? String(key.value) : String(key)
    if (Object.hasOwn(made, name)) return NO_NAME
    const json = toJson(value, meter)
    if (json instanceof CelFailure) return json
    made[name] = json
  }
  return made
}
