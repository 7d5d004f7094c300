import { dateIn } from '#engine/rules/explain/moment-words.ts'
import type { Language } from '#engine/rules/explain/phrases.ts'
import type { Against } from '#engine/rules/explain/trace.ts'
import type { EventId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** An event in a line. */
export interface ToldEvent {
  readonly type: string
  readonly time: Instant
  readonly activity?: string
}

/** More would be a list and no sentence; all of them stand in the trace. */
const MOST = 10

/**
 * Says which events a trace rests on, below the lines that say what came of them: those that count, those that broke a
 * negative or speak against it, and the nearest misses; a line each, oldest first, with the date in `zone`. Events that are not known any more are left out.
 */
export function tellEvents(
  trace: unknown,
  events: ReadonlyMap<EventId, ToldEvent>,
  language: Language,
  zone = 'UTC',
): readonly string[] {
  const found: Found = { counted: new Set(), broke: new Set(), against: new Set(), near: new Set() }
  collect(trace, false, found)
  for (const id of found.broke) found.against.delete(id)
  const phrases = PHRASES[language]
  return KINDS.flatMap((kind) => {
    const told = [...found[kind]]
      .flatMap((id) => events.get(id) ?? [])
      .sort((a, b) => a.time - b.time)
      .map(({ type, time, activity }) => {
        return `${type}${activity === undefined ? '' : ` ${activity}`}, ${dateIn(time, zone)}`
      })
    const more = told.length - MOST
    const shown = more > 0 ? [...told.slice(0, MOST), phrases.more(more)] : told
    return shown.length === 0 ? [] : [`${phrases[kind]}: ${shown.join('; ')}.`]
  })
}

const KINDS = ['counted', 'broke', 'against', 'near'] as const
type Found = Readonly<Record<(typeof KINDS)[number], Set<EventId>>>

/** Looks at every part, whatever kinds of part there are; below a `not`, what was found speaks against it. */
function collect(part: unknown, isNegated: boolean, found: Found): void {
  if (typeof part !== 'object' || part === null) return
  if (Array.isArray(part)) {
    for (const each of part) collect(each, isNegated, found)
    return
  }
  const below = isNegated || ('kind' in part && part.kind === 'not')
  for (const [name, member] of Object.entries(part)) {
    if (name === 'evidence' && Array.isArray(member))
      for (const id of member) found[below ? 'against' : 'counted'].add(id as EventId)
    else if (name === 'against' && isObject(member)) {
      if (member.forGood === true && member.eventId !== undefined) found.broke.add(member.eventId)
    } else if (name === 'nearMiss') found.near.add((member as { readonly eventId: EventId }).eventId)
    else collect(member, below, found)
  }
}

const isObject = (member: unknown): member is Partial<Against> =>
  typeof member === 'object' && member !== null && !Array.isArray(member)

const PHRASES = {
  en: {
    counted: 'Events that count',
    broke: 'What has ruled it out',
    against: 'Events that a negative looks at',
    near: 'Came close',
    more: (count: number) => `and ${count} more`,
  },
  nl: {
    counted: 'Gebeurtenissen die meetellen',
    broke: 'Wat het onmogelijk heeft gemaakt',
    against: 'Gebeurtenissen waar een uitsluiting naar kijkt',
    near: 'Kwam in de buurt',
    more: (count: number) => `en nog ${count}`,
  },
} as const
