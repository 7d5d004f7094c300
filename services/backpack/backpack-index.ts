import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { Collection } from '#services/ports/collection-store.ts'

export interface IndexedBadge {
  readonly name: (language: string) => string
  readonly issuer: string
  readonly since: Instant
  /** Empty where there is no file of it. */
  readonly folder: string
  /** Empty where there is nothing to say. */
  readonly state: string
  readonly test: boolean
}

export interface IndexedBackpack {
  readonly at: Instant
  readonly badges: readonly IndexedBadge[]
  readonly elsewhere: readonly IndexedBadge[]
  readonly collections: readonly Collection[]
}

/** The file of an exported backpack that says what the others are, for people (Markdown). */
export function indexText(language: 'nl' | 'en', backpack: IndexedBackpack): string {
  const words = language === 'nl' ? DUTCH : ENGLISH
  const { at, badges, elsewhere, collections } = backpack
  const line = (badge: IndexedBadge) => {
    const notes = [
      badge.state === '' ? '' : (words.states[badge.state] ?? badge.state),
      badge.test ? 'TEST' : '',
    ]
    const said = notes.filter((note) => note !== '').join(', ')
    const name = plain(badge.name(language))
    return `- **${name}**, ${plain(badge.issuer)}, ${day(badge.since)}${said === '' ? '' : ` (${said})`}${badge.folder === '' ? '' : `: \`${badge.folder}/\``}`
  }
  const listOf = (all: readonly IndexedBadge[]) => (all.length === 0 ? [words.none] : all.map(line))
  return [
    `# ${words.title}`,
    words.lead(day(at)),
    `## ${words.badges}`,
    words.aboutBadges,
    ...listOf(badges),
    `## ${words.elsewhere}`,
    words.aboutElsewhere,
    ...listOf(elsewhere),
    `## ${words.collections}`,
    words.aboutCollections,
    ...(collections.length === 0
      ? [words.none]
      : collections.map(({ name, items }) => `- ${plain(textIn(name, language, 'en'))} (${items.length})`)),
    '',
  ]
    .join('\n\n')
    .replace(/(\n- [^\n]*)\n(?=\n- )/g, '$1')
}

const day = (at: Instant): string => formatInstant(at).slice(0, 10)

/** A name as one line that Markdown leaves alone. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, '\\$&')

interface Words {
  readonly title: string
  readonly lead: (day: string) => string
  readonly badges: string
  readonly aboutBadges: string
  readonly elsewhere: string
  readonly aboutElsewhere: string
  readonly collections: string
  readonly aboutCollections: string
  readonly none: string
  readonly states: Readonly<Record<string, string>>
}

const ENGLISH: Words = {
  title: 'My badges',
  lead: (day) => `Everything that was in the backpack on ${day}.`,
  badges: 'Badges',
  aboutBadges:
    'In each folder: `badge.json` is the signed badge itself; `badge.png` and `badge.svg` are pictures, and `badge.pdf` a certificate, each with the same badge inside; `badge.jwt` is the same badge as a token, for software that wants one (where its issuer can still sign). Any of them can be given to a verifier or to another backpack. `receipt.json`, where there is one, proves when it was anchored. Keep the receipt with the badge.',
  elsewhere: 'From elsewhere',
  aboutElsewhere:
    'In each folder: the file as it came, and `check.json`, what was found when it was last verified.',
  collections: 'Collections',
  aboutCollections: 'They stand in `collections.json`.',
  none: 'None.',
  states: {
    revoked: 'revoked',
    expired: 'expired',
    superseded: 'replaced by a newer one',
    issuing: 'still being issued: there is no file of it yet',
    revokedUnsigned: 'revoked before it was signed: there is no file of it',
    valid: 'valid',
    invalid: 'not valid',
    undecided: 'could not wholly be checked',
  },
}

const DUTCH: Words = {
  title: 'Mijn badges',
  lead: (day) => `Alles wat er op ${day} in de rugzak zat.`,
  badges: 'Badges',
  aboutBadges:
    'In elke map: `badge.json` is de ondertekende badge zelf; `badge.png` en `badge.svg` zijn plaatjes en `badge.pdf` een certificaat, elk met dezelfde badge erin; `badge.jwt` is dezelfde badge als token, voor programma’s die daarom vragen (als de uitgever nog kan ondertekenen). Elk daarvan kun je aan een controleur of aan een andere rugzak geven. `receipt.json`, als die er is, bewijst wanneer hij is verankerd. Bewaar dat ontvangstbewijs bij de badge.',
  elsewhere: 'Van elders',
  aboutElsewhere:
    'In elke map: het bestand zoals het kwam, en `check.json`, wat de laatste controle heeft gevonden.',
  collections: 'Verzamelingen',
  aboutCollections: 'Ze staan in `collections.json`.',
  none: 'Geen.',
  states: {
    revoked: 'ingetrokken',
    expired: 'verlopen',
    superseded: 'vervangen door een nieuwere',
    issuing: 'wordt nog uitgegeven: er is nog geen bestand van',
    revokedUnsigned: 'ingetrokken voor hij was ondertekend: er is geen bestand van',
    valid: 'geldig',
    invalid: 'niet geldig',
    undecided: 'niet helemaal te controleren',
  },
}
