import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/** What example events are expected to give by one rule: docs/rules-as-files.md. People are named as in `email:…`. */
export interface RuleExamples {
  /** Files of events, instead of the one that bears the rule's name. */
  readonly events?: readonly string[]
  /** The source of xAPI statements that name no authority. */
  readonly source?: string
  /** When it is looked at; without it when the last event happened. */
  readonly now?: Instant
  /** What people hold by other roads than the rules of the folder. */
  readonly holdings: ReadonlyMap<string, readonly { readonly achievement: string; readonly since: Instant }[]>
  /** Every award of the rule, no more and no less. */
  readonly awards: readonly ExpectedAward[]
  readonly words: ReadonlyMap<string, readonly string[]>
  readonly language: 'en' | 'nl'
  readonly nearMisses: readonly { readonly learner: string; readonly conjunct: string }[]
}

export interface ExpectedAward {
  readonly learner: string
  readonly metAt?: Instant
  readonly occurrence?: string
  /** `award`, or `needs_review` of a rule whose awards a person decides on. */
  readonly outcome?: string
}

export interface ExampleFault {
  readonly code: 'examples-shape'
  /** JSON pointer into the file of what is expected. */
  readonly path: string
  readonly message: string
}

export type ExamplesReading =
  | { readonly ok: true; readonly examples: RuleExamples }
  | { readonly ok: false; readonly faults: readonly ExampleFault[] }

/** Reads a `NAME.expected.json`. Refuses what it does not know: a misspelt expectation would never fail. */
export function parseRuleExamples(value: Json): ExamplesReading {
  const faults: ExampleFault[] = []
  const fault = (path: string, message: string): undefined => {
    faults.push({ code: 'examples-shape', path, message })
  }
  if (!isJsonObject(value)) {
    fault('', 'Write a JSON object with "awards".')
    return { ok: false, faults }
  }
  const strangers = (object: JsonObject, path: string, known: readonly string[]) => {
    for (const name of Object.keys(object))
      if (!known.includes(name)) fault(`${path}/${name}`, 'This is unknown here.')
  }
  const text = (found: Json | undefined, path: string) =>
    found === undefined || typeof found === 'string' ? found : fault(path, 'A text is wanted.')
  const moment = (found: Json | undefined, path: string) => {
    const written = text(found, path)
    if (written === undefined) return undefined
    return parseInstant(written) ?? fault(path, 'A date-time with its zone is wanted.')
  }
  const list = (found: Json | undefined, path: string): readonly Json[] => {
    if (found === undefined) return []
    if (isJsonArray(found)) return found
    fault(path, 'A list is wanted.')
    return []
  }
  const objects = (found: Json | undefined, path: string) =>
    list(found, path).flatMap((item, at): [JsonObject, string][] => {
      if (isJsonObject(item)) return [[item, `${path}/${at}`]]
      fault(`${path}/${at}`, 'An object is wanted.')
      return []
    })
  const learner = (item: JsonObject, path: string) =>
    text(item['learner'], `${path}/learner`) ??
    fault(`${path}/learner`, 'Say who, as in email:ann@example.org.') ??
    ''
  const members = (found: Json | undefined, path: string): [string, Json][] => {
    if (found === undefined) return []
    if (isJsonObject(found)) return Object.entries(found)
    fault(path, 'An object is wanted.')
    return []
  }

  strangers(value, '', [...MEMBERS])
  if (value['awards'] === undefined) fault('/awards', 'Say which awards are expected; [] is none.')
  const awards = objects(value['awards'], '/awards').map(([item, path]): ExpectedAward => {
    strangers(item, path, ['learner', 'metAt', 'occurrence', 'outcome', 'why'])
    const metAt = moment(item['metAt'], `${path}/metAt`)
    const occurrence = text(item['occurrence'], `${path}/occurrence`)
    const outcome = text(item['outcome'], `${path}/outcome`)
    return {
      learner: learner(item, path),
      ...(metAt === undefined ? {} : { metAt }),
      ...(occurrence === undefined ? {} : { occurrence }),
      ...(outcome === undefined ? {} : { outcome }),
    }
  })
  const nearMisses = objects(value['nearMisses'], '/nearMisses').map(([item, path]) => {
    strangers(item, path, ['learner', 'conjunct'])
    return { learner: learner(item, path), conjunct: text(item['conjunct'], `${path}/conjunct`) ?? '' }
  })
  const words = members(value['words'], '/words').map(
    ([who, lines]) =>
      [who, list(lines, `/words/${who}`).map((line) => text(line, `/words/${who}`) ?? '')] as const,
  )
  const holdings = members(value['holdings'], '/holdings').map(([who, held]) => {
    const path = `/holdings/${who}`
    const read = objects(held, path).map(([item, at]) => {
      strangers(item, at, ['achievement', 'since'])
      const since = moment(item['since'], `${at}/since`) ?? fault(`${at}/since`, 'Say since when.')
      return {
        achievement: text(item['achievement'], `${at}/achievement`) ?? '',
        since: since as unknown as Instant,
      }
    })
    return [who, read] as const
  })
  const events = value['events'] === undefined ? undefined : list(value['events'], '/events')
  const files = events?.map((file, at) => text(file, `/events/${at}`) ?? '')
  const source = text(value['source'], '/source')
  const now = moment(value['now'], '/now')
  const language = value['language'] ?? 'en'
  if (language !== 'en' && language !== 'nl') fault('/language', 'It is "en" or "nl".')
  if (faults.length > 0) return { ok: false, faults }
  return {
    ok: true,
    examples: {
      ...(files === undefined ? {} : { events: files }),
      ...(source === undefined ? {} : { source }),
      ...(now === undefined ? {} : { now }),
      holdings: new Map(holdings),
      awards,
      words: new Map(words),
      language: language === 'nl' ? 'nl' : 'en',
      nearMisses,
    },
  }
}

const MEMBERS = [
  'description',
  'events',
  'source',
  'now',
  'holdings',
  'awards',
  'words',
  'language',
  'nearMisses',
] as const
