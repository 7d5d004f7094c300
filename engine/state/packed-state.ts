/**
 * A leaf's state as a short text, for wherever many of them are kept: in memory, and in a column of the database.
 * The text is plain (ASCII where the ids are), and the same state gives the same text.
 *
 *     state  = "k" flags count item…                     a state of items
 *            | "i" flags count item…                     the same, as it was written before: with other bits in the mask
 *            | "j" JSON                                   anything else: voids, and what this version does not know
 *     flags  = latched 1 + dropped 2 + further members 4, which then follow the items as JSON
 *     item   = mask time eventId [source] sourceId, and of `value`, `context`, `key`, `number`, further members (as one
 *              text of JSON) those whose bit is in the mask
 *     time   = milliseconds, or seconds, since the item before; the first, and one that is too far away, since 1970
 *     id     = 22 digits for a canonical UUID (a bit of the mask says so), or a text
 *     source = left out where it is that of the item before (a bit of the mask says so)
 *     text   = 0 place in the list of known texts | 1 + what it shares with the same member of the item before, the
 *              length of the rest, the rest
 *     number = digits of 5 bits, the least first; all but the last have 32 added
 *
 * What items share (where they come from, most of a URL) is so written once. `known` are texts that both sides have
 * anyway and for ever, as the list of a `distinctOf`: the leaf's hash covers it.
 */
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafItem, LeafState } from './leaf-state.ts'
import { DIGITS, digitValue, PACKED_UUID_LENGTH, packUuid, unpackUuid } from './packed-uuid.ts'

const LATCHED = 1
const DROPPED = 2
const MORE_OF_STATE = 4

/** The bits of a mask. */
interface Bits {
  readonly eventUuid: number
  readonly sourceUuid: number
  /** As the item before: nothing is written for it. */
  readonly sameSource: number
  /** The time is in seconds. */
  readonly seconds: number
  readonly negative: number
  readonly since1970: number
  readonly more: number
  readonly number: number
  readonly value: number
  readonly context: number
  readonly key: number
}

/** What most items have comes first, so that their mask is one digit. A new bit goes to the end. */
const BITS: Bits = {
  eventUuid: 1,
  sourceUuid: 2,
  sameSource: 4,
  seconds: 8,
  value: 16,
  number: 32,
  key: 64,
  context: 128,
  negative: 256,
  since1970: 512,
  more: 1024,
}
/** Nothing is written with these any more. */
const FORMER_BITS: Bits = {
  eventUuid: 1,
  sourceUuid: 2,
  negative: 4,
  number: 8,
  more: 16,
  since1970: 32,
  value: 64,
  context: 128,
  key: 256,
  sameSource: 0,
  seconds: 0,
}
/** Members that are texts, in the order in which they are written. */
const TEXTS = ['value', 'context', 'key'] as const
const PACKED_MEMBERS = new Set(['time', 'eventId', 'source', 'sourceId', 'number', ...TEXTS])

/** An item with the members that some leaves have, and those that nobody has thought of yet. */
type AnyItem = LeafItem & { readonly [member: string]: unknown }

/** One text. O(length of the state). */
export function packState(state: LeafState, known: readonly string[] = []): string {
  if (state.kind !== 'items') return `j${canonicalJson(state as unknown as Json)}`
  const { kind, items, latched, dropped, ...more } = state
  const hasMore = Object.keys(more).length > 0
  const parts = ['k']
  putNumber(parts, (latched ? LATCHED : 0) + (dropped ? DROPPED : 0) + (hasMore ? MORE_OF_STATE : 0))
  putNumber(parts, items.length)
  let before: AnyItem | undefined
  for (const item of items as readonly AnyItem[]) {
    putItem(parts, item, before, known)
    before = item
  }
  if (hasMore) parts.push(canonicalJson(more))
  // Joined, and not added up: what is added up is kept by its pieces, which takes several times the memory.
  return parts.join('')
}

/** What `packState` was given, with the same known texts. Throws for a text that is none of its own. */
export function unpackState(text: string, known: readonly string[] = []): LeafState {
  if (text.startsWith('j')) return JSON.parse(text.slice(1)) as LeafState
  const bits = text.startsWith('k') ? BITS : text.startsWith('i') ? FORMER_BITS : undefined
  if (bits === undefined) throw new Error('A packed state begins with none of i, j and k.')
  const from: Cursor = { text, at: 1 }
  const flags = takeNumber(from)
  const count = takeNumber(from)
  const items: AnyItem[] = []
  let before: AnyItem | undefined
  for (let index = 0; index < count; index++) {
    before = takeItem(from, before, known, bits)
    items.push(before)
  }
  return {
    kind: 'items',
    items,
    ...((flags & LATCHED) === 0 ? {} : { latched: true }),
    ...((flags & DROPPED) === 0 ? {} : { dropped: true }),
    ...((flags & MORE_OF_STATE) === 0 ? {} : (JSON.parse(text.slice(from.at)) as object)),
  }
}

function putItem(
  parts: string[],
  item: AnyItem,
  before: AnyItem | undefined,
  known: readonly string[],
): void {
  const sinceBefore = item.time - (before?.time ?? 0)
  // Further apart than a double counts.
  const isFar = !Number.isSafeInteger(sinceBefore)
  const passed = Math.abs(isFar ? item.time : sinceBefore)
  const isWhole = passed % SECOND_MS === 0
  const eventUuid = packUuid(item.eventId)
  const sourceUuid = packUuid(item.sourceId)
  const isSameSource = item.source === before?.source
  const more = moreOf(item)
  let mask = 0
  if (eventUuid !== undefined) mask += BITS.eventUuid
  if (sourceUuid !== undefined) mask += BITS.sourceUuid
  if (isSameSource) mask += BITS.sameSource
  if (isWhole) mask += BITS.seconds
  if ((isFar ? item.time : sinceBefore) < 0) mask += BITS.negative
  if (isFar) mask += BITS.since1970
  if (item['number'] !== undefined) mask += BITS.number
  if (more !== undefined) mask += BITS.more
  for (const name of TEXTS) if (item[name] !== undefined) mask += BITS[name]

  putNumber(parts, mask)
  putNumber(parts, isWhole ? passed / SECOND_MS : passed)
  if (eventUuid === undefined) putText(parts, item.eventId, before?.eventId, known)
  else parts.push(eventUuid)
  if (!isSameSource) putText(parts, item.source, before?.source, known)
  if (sourceUuid === undefined) putText(parts, item.sourceId, before?.sourceId, known)
  else parts.push(sourceUuid)
  for (const name of TEXTS)
    if (item[name] !== undefined) putText(parts, String(item[name]), textOf(before, name), known)
  if (item['number'] !== undefined) putText(parts, numberText(item['number']), undefined, known)
  if (more !== undefined) putText(parts, more, undefined, known)
}

function takeItem(from: Cursor, before: AnyItem | undefined, known: readonly string[], bits: Bits): AnyItem {
  const mask = takeNumber(from)
  const passed = takeNumber(from) * ((mask & bits.seconds) === 0 ? 1 : SECOND_MS)
  const since = (mask & bits.since1970) === 0 ? (before?.time ?? 0) : 0
  const item: Record<string, unknown> = {
    time: (since + ((mask & bits.negative) === 0 ? passed : -passed)) as Instant,
    eventId: (mask & bits.eventUuid) === 0 ? takeText(from, before?.eventId, known) : takeUuid(from),
    source: (mask & bits.sameSource) === 0 ? takeText(from, before?.source, known) : (before?.source ?? ''),
    sourceId: (mask & bits.sourceUuid) === 0 ? takeText(from, before?.sourceId, known) : takeUuid(from),
  }
  for (const name of TEXTS)
    if ((mask & bits[name]) !== 0) item[name] = takeText(from, textOf(before, name), known)
  if ((mask & bits.number) !== 0) item['number'] = Number(takeText(from, undefined, known))
  if ((mask & bits.more) !== 0) Object.assign(item, JSON.parse(takeText(from, undefined, known)))
  return item as AnyItem
}

/** Of members that have no place here, their JSON. */
function moreOf(item: AnyItem): string | undefined {
  const names = Object.keys(item).filter((name) => !PACKED_MEMBERS.has(name) && item[name] !== undefined)
  if (names.length === 0) return undefined
  return canonicalJson(Object.fromEntries(names.map((name) => [name, item[name]])) as Json)
}

const textOf = (item: AnyItem | undefined, name: string): string | undefined =>
  item?.[name] === undefined ? undefined : String(item[name])

const numberText = (value: unknown): string => (Object.is(value, -0) ? '-0' : String(value))

interface Cursor {
  readonly text: string
  at: number
}

function putNumber(parts: string[], value: number): void {
  let rest = value
  // No bit operators: a time has more than 32 bits.
  while (rest >= 32) {
    parts.push(DIGITS[32 + (rest % 32)] ?? '')
    rest = Math.floor(rest / 32)
  }
  parts.push(DIGITS[rest] ?? '')
}

function takeNumber(from: Cursor): number {
  let value = 0
  for (let unit = 1; ; unit *= 32) {
    const digit = digitValue(from.text.charCodeAt(from.at))
    from.at += 1
    value += (digit % 32) * unit
    if (digit < 32) return value
  }
}

function putText(parts: string[], text: string, before: string | undefined, known: readonly string[]): void {
  const place = known.indexOf(text)
  if (place !== -1) {
    putNumber(parts, 0)
    putNumber(parts, place)
    return
  }
  const shared = before === undefined ? 0 : sharedLength(text, before)
  putNumber(parts, 1 + shared)
  putNumber(parts, text.length - shared)
  parts.push(text.slice(shared))
}

function takeText(from: Cursor, before: string | undefined, known: readonly string[]): string {
  const start = takeNumber(from)
  const length = takeNumber(from)
  if (start === 0) {
    const text = known[length]
    if (text === undefined) throw new Error('A packed state names a text that is not known.')
    return text
  }
  const rest = from.text.slice(from.at, from.at + length)
  from.at += length
  return start === 1 ? rest : `${before?.slice(0, start - 1)}${rest}`
}

function takeUuid(from: Cursor): string {
  const uuid = unpackUuid(from.text, from.at)
  from.at += PACKED_UUID_LENGTH
  return uuid
}

/** How many characters two texts begin with alike; never half of a pair, which no database takes. */
function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let shared = 0
  while (shared < most && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++
  const last = shared === 0 ? 0 : a.charCodeAt(shared - 1)
  return last >= 0xd800 && last < 0xdc00 ? shared - 1 : shared
}
