import type { RuleFaultCode } from '#engine/rules/check/rule-faults.ts'
import { CALENDAR_UNITS, isZone, parseCalendarDuration } from '#engine/shared/calendar.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import type { RuleFault } from './rule-document.ts'

export const RULE_LIMITS = {
  nodes: 200,
  depth: 8,
  children: 100,
  values: 500,
  count: 10_000,
  streak: 1000,
  steps: 20,
  joins: 5,
  number: 1e12,
  penalties: 20,
  endorsers: 50,
  results: 50,
  faults: 50,
} as const

/** Collects what is at fault while a document is read, so that an author sees it all at once. */
export interface RuleReader {
  readonly faults: readonly RuleFault[]
  fault(code: RuleFaultCode, path: string, message: string): undefined
  /** An own member; never one of the prototype's. */
  member(object: JsonObject, name: string): Json | undefined
  members(object: JsonObject, path: string, known: readonly string[]): undefined
  required(object: JsonObject, path: string, names: readonly string[]): undefined
  oneOf(value: Json, path: string, choices: readonly string[]): undefined
  wholeNumber(value: Json, path: string, most: number): undefined
  number(value: Json, path: string): undefined
  duration(value: Json, path: string, least?: 0 | 1): undefined
  calendarDuration(value: Json, path: string): undefined
  moment(value: Json, path: string): undefined
  /** Of a moment that may not be one. */
  momentOf(value: Json | undefined): Instant | undefined
  zone(value: Json, path: string): undefined
  unit(value: Json, path: string): undefined
  slug(value: Json, path: string): undefined
  texts(value: Json, path: string): undefined
  /** Says once that there are too many parts; false from then on. */
  countNode(path: string): boolean
  /** Says where an id stands twice. */
  id(value: Json, path: string): undefined
}

export function createRuleReader(): RuleReader {
  const faults: RuleFault[] = []
  const ids = new Set<string>()
  let nodes = 0
  const fault: RuleReader['fault'] = (code, path, message) => {
    if (faults.length < RULE_LIMITS.faults) faults.push({ code, path, message })
    return undefined
  }
  const member: RuleReader['member'] = (object, name) =>
    Object.hasOwn(object, name) ? object[name] : undefined
  return {
    faults,
    fault,
    member,
    members(object, path, known) {
      for (const name of Object.keys(object)) {
        const at = `${path}/${pointerToken(name)}`
        if (!known.includes(name))
          fault('rule-member-unknown', at, `There is no member "${name.slice(0, 40)}" here.`)
        if (faults.length >= RULE_LIMITS.faults) return
      }
    },
    required(object, path, names) {
      for (const name of names)
        if (!Object.hasOwn(object, name))
          fault('rule-member-missing', `${path}/${name}`, `"${name}" is missing.`)
    },
    oneOf(value, path, choices) {
      if (typeof value !== 'string' || !choices.includes(value))
        fault('rule-shape', path, `One of ${choices.map((choice) => `"${choice}"`).join(', ')} is wanted.`)
    },
    wholeNumber(value, path, most) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
        fault('rule-shape', path, 'A whole number from 1 on is wanted.')
      else if (value > most) fault('rule-too-large', path, `At most ${most} can be asked for.`)
    },
    duration(value, path, least = 0) {
      const length = typeof value === 'string' ? parseDuration(value) : undefined
      if (length === undefined)
        fault('rule-duration-invalid', path, 'Write a duration of fixed length, such as P90D or PT12H.')
      else if (length < least) fault('rule-duration-invalid', path, 'The duration is longer than nothing.')
    },
    number(value, path) {
      if (typeof value !== 'number' || Math.abs(value) > RULE_LIMITS.number)
        fault('rule-shape', path, `A number from -${RULE_LIMITS.number} to ${RULE_LIMITS.number} is wanted.`)
    },
    calendarDuration(value, path) {
      if (typeof value !== 'string' || parseCalendarDuration(value) === undefined)
        fault('rule-duration-invalid', path, 'Write a duration of whole days, such as P1Y, P6M or P2W.')
    },
    moment(value, path) {
      if (typeof value !== 'string' || parseInstant(value) === undefined)
        fault('rule-shape', path, 'A date-time with its zone is wanted: 2026-09-01T00:00:00+02:00.')
    },
    momentOf: (value) => (typeof value === 'string' ? parseInstant(value) : undefined),
    zone(value, path) {
      if (typeof value !== 'string' || value.length > 64 || !isZone(value))
        fault('rule-zone-unknown', path, 'A time zone of the IANA list is wanted: Europe/Amsterdam.')
    },
    unit(value, path) {
      if (typeof value !== 'string' || !(CALENDAR_UNITS as readonly string[]).includes(value))
        fault('rule-shape', path, `One of ${CALENDAR_UNITS.join(', ')} is wanted.`)
    },
    slug(value, path) {
      if (typeof value !== 'string' || !SLUG.test(value))
        fault('rule-shape', path, 'A slug is wanted: lower-case letters, digits and hyphens.')
    },
    texts(value, path) {
      const isText = (text: Json | undefined) =>
        typeof text === 'string' && text.length > 0 && text.length <= 2000
      if (!isJsonObject(value) || Object.keys(value).length === 0 || Object.keys(value).length > 40)
        return fault('rule-shape', path, 'Texts stand by language: { "nl": "…", "en": "…" }.')
      for (const [tag, text] of Object.entries(value))
        if (!LANGUAGE.test(tag) || !isText(text))
          fault(
            'rule-shape',
            `${path}/${pointerToken(tag)}`,
            'A text of at most 2,000 characters by language tag is wanted.',
          )
    },
    countNode(path) {
      nodes++
      if (nodes === RULE_LIMITS.nodes + 1)
        fault('rule-too-large', path, `A rule has at most ${RULE_LIMITS.nodes} parts.`)
      return nodes <= RULE_LIMITS.nodes
    },
    id(value, path) {
      if (typeof value !== 'string' || !ID.test(value))
        return fault('rule-shape', path, 'An id is a letter, then letters, digits, "-" or "_"; at most 64.')
      if (ids.has(value)) fault('rule-id-duplicate', path, `The id "${value}" stands twice.`)
      ids.add(value)
    },
  }
}

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/
const ID = /^[A-Za-z][\w-]{0,63}$/

/** RFC 6901: `~` and `/` are escaped in a JSON pointer. Cut, since it may be hostile. */
const pointerToken = (name: string): string => name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')
