import type { Json } from '#engine/shared/json.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import { type EventReader, own } from './event-reader.ts'

/**
 * Reads a score: a scaled number from -1 to 1, or an object with `scaled`, or with `raw`, `min` and `max`,
 * from which the share of the range is taken. A raw score without its range says nothing that rules could compare.
 */
export function readScore(reader: EventReader, value: Json | undefined, path: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return scaled(reader, value, path)
  if (!isJsonObject(value))
    return reader.fault('event-score-invalid', path, 'A score is a number or an object.')
  const given = own(value, 'scaled')
  if (given !== undefined) return scaled(reader, given, `${path}/scaled`)
  const [raw, min, max] = ['raw', 'min', 'max'].map((name) => own(value, name))
  for (const part of [raw, min, max])
    if (part !== undefined && typeof part !== 'number')
      return reader.fault('event-score-invalid', path, 'The parts of a score are numbers.')
  if (typeof raw !== 'number' || typeof min !== 'number' || typeof max !== 'number') return undefined
  if (max <= min || raw < min || raw > max)
    return reader.fault('event-score-invalid', path, 'The raw score lies between its least and its most.')
  return (raw - min) / (max - min)
}

function scaled(reader: EventReader, value: Json, path: string): number | undefined {
  return typeof value === 'number' && value >= -1 && value <= 1
    ? value
    : reader.fault(
        'event-score-invalid',
        path,
        'A scaled score is a number from -1 to 1; write 0.7 for 70 %.',
      )
}

const ISO =
  /^P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const SECONDS = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1]

/**
 * Reads how long something took, in seconds: a number of seconds or an ISO 8601 duration, fractions included.
 * A year counts as 365 days and a month as 30.
 */
export function readSeconds(reader: EventReader, value: Json | undefined, path: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0) return value
  const parts = typeof value === 'string' && value !== 'P' && value.length <= 100 ? ISO.exec(value) : null
  if (parts === null) return reader.fault('event-duration-invalid', path, 'Write a duration such as PT1H30M.')
  return SECONDS.reduce((sum, unit, at) => sum + Number(parts[at + 1] ?? 0) * unit, 0)
}
