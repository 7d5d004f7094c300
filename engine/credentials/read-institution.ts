import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { present } from '#engine/shared/present.ts'
import { seenText } from '#engine/shared/seen-text.ts'
import { isOfPerson } from './identifier-entry.ts'

/** What a profile says of an institution, in words for a page. All of it is its own word. */
export interface InstitutionWords {
  /** The name that it is registered under. */
  readonly official?: string | undefined
  readonly identifiers?: readonly { readonly type: string; readonly identifier: string }[] | undefined
  /** In one line, without its post office box, for which each language has a word of its own. */
  readonly address?: string | undefined
  readonly postOfficeBox?: string | undefined
  /** The name of what it is a part of. */
  readonly parent?: string | undefined
}

/** A page is no register. */
const MOST_IDENTIFIERS = 20

/**
 * Reads them out of any profile, also one of somebody else; undefined where it says nothing of the kind. Where the profile is
 * that of a person, by its names or its birthday, nothing of it is told: an address would be where somebody lives.
 */
export function readInstitutionWords(issuer: Json | undefined): InstitutionWords | undefined {
  const profile = first(issuer)
  if (profile === undefined || PERSONS.some((name) => profile[name] !== undefined)) return undefined
  const identifiers = listOf(profile['otherIdentifier']).flatMap(identifierIn).slice(0, MOST_IDENTIFIERS)
  const address = addressIn(first(profile['address']))
  const words: InstitutionWords = present({
    official: text(profile['official']),
    identifiers: identifiers.length === 0 ? undefined : identifiers,
    address,
    postOfficeBox: text(first(profile['address'])?.['postOfficeBoxNumber']),
    parent: text(first(profile['parentOrg'])?.['name']),
  })
  return Object.keys(words).length === 0 ? undefined : words
}

const PERSONS = ['familyName', 'givenName', 'patronymicName', 'dateOfBirth']

/** As people know a register: `BRIN` for `ext:BRIN`. Words of the vocabulary stay as they are. */
export const registerName = (type: string): string => type.replace(/^ext:/, '')

/**
 * `BRIN 30AA, ROR https://ror.org/…`, in one line. What could be read as more than one word stands between quotation marks, so
 * that no identifier of a stranger looks like several.
 */
export const identifiersInLine = ({ identifiers = [] }: InstitutionWords): string | undefined =>
  identifiers.length === 0
    ? undefined
    : identifiers
        .map(({ type, identifier }) => `${asOne(registerName(type))} ${asOne(identifier)}`)
        .join(', ')

const asOne = (said: string): string =>
  /^[\p{L}\p{N}\p{M}._:/-]+$/u.test(said) ? said : `“${said.replace(/[“”„‟"]/g, "'").replace(/\s+/g, ' ')}”`

function identifierIn(entry: Json): readonly { readonly type: string; readonly identifier: string }[] {
  if (!isJsonObject(entry)) return []
  const identifier = text(entry['identifier'])
  const type = text(entry['identifierType'])
  return identifier === undefined || type === undefined || isOfPerson({ type }) ? [] : [{ type, identifier }]
}

function addressIn(address: JsonObject | undefined): string | undefined {
  const of = (name: string) => text(address?.[name])
  const place = [of('postalCode'), of('addressLocality')].filter((part) => part !== undefined).join(' ')
  const parts = [
    of('streetAddress'),
    place === '' ? undefined : place,
    of('addressRegion'),
    of('addressCountry') ?? of('addressCountryCode'),
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** Whoever wrote it is not known: a text must not look like another one. */
const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? seenText(value) : undefined

const first = (value: Json | undefined): JsonObject | undefined =>
  listOf(value).find((each): each is JsonObject => isJsonObject(each))
