import { isAbsoluteUrl } from './absolute-url.ts'
import { instantOf } from './date-faults.ts'

/** Whether texts that stand in the places of others keep to the rules. */
export type TextRules = (texts: readonly string[]) => boolean

/** Objects whose `id` is looked at, where they have one. */
const WITH_ID = [
  'credentialSubject',
  'credentialStatus',
  'credentialSchema',
  'termsOfUse',
  'evidence',
  'refreshService',
  'confidenceMethod',
  'renderMethod',
  'relatedResource',
]

const ID = new RegExp(`^(?:/issuer|(?:/(?:${WITH_ID.join('|')})(?:/\\d+)?))?/id$`)
const DATE = /^\/(?:validFrom|validUntil|issuanceDate|expirationDate|awardedDate)$/
const STATUS_INDEX = /^\/credentialStatus(?:\/\d+)?\/statusListIndex$/
const STATUS_LIST = /^\/credentialStatus(?:\/\d+)?\/statusListCredential$/

/** Pairs of a beginning and an end. */
const PERIODS = [
  ['/validFrom', '/validUntil'],
  ['/issuanceDate', '/expirationDate'],
] as const

/**
 * What `credentialFaults` and `statusEntryFaults` ask of texts at these places, in the order of the places, for a document
 * whose other members are those of one without faults. It may refuse what these let through, and never the other way
 * round: a rule about a further member whose text differs from award to award belongs here as well.
 */
export function textRulesOf(paths: readonly string[]): TextRules {
  const at = (path: string): number => paths.indexOf(path)
  const placesOf = (form: RegExp): readonly number[] =>
    paths.flatMap((path, place) => (form.test(path) ? [place] : []))
  const urls = [...placesOf(ID), ...placesOf(STATUS_LIST)]
  const dates = placesOf(DATE)
  const indexes = placesOf(STATUS_INDEX)
  const periods = PERIODS.map(([from, until]) => [at(from), at(until)] as const).filter(
    ([from, until]) => from >= 0 && until >= 0,
  )
  const entries = placesOf(STATUS_LIST).map(
    (list) => [at((paths[list] ?? '').replace(/statusListCredential$/, 'id')), list] as const,
  )
  return (texts) =>
    urls.every((place) => isAbsoluteUrl(texts[place])) &&
    dates.every((place) => instantOf(texts[place]) !== undefined) &&
    indexes.every((place) => /^\d+$/.test(texts[place] ?? '')) &&
    periods.every(([from, until]) => Number(instantOf(texts[from])) <= Number(instantOf(texts[until]))) &&
    entries.every(([id, list]) => id < 0 || texts[id] !== texts[list])
}
