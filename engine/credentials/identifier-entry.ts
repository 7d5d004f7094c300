import type { JsonObject } from '#engine/shared/json.ts'

/** By what others know an organisation or an achievement: an Open Badges 3.0 `IdentifierEntry`. */
export interface OtherIdentifier {
  readonly identifier: string
  /** Of the Open Badges vocabulary (`sourcedId`, `identifier`, …) or `ext:…` (`ext:BRIN`, `ext:ROR`, `ext:KVK`). */
  readonly type: string
}

/** `otherIdentifier` as documents have it; nothing where there is none. */
export const otherIdentifierMember = (identifiers: readonly OtherIdentifier[] = []): JsonObject =>
  identifiers.length === 0
    ? {}
    : {
        otherIdentifier: identifiers.map(({ identifier, type }) => ({
          type: 'IdentifierEntry',
          identifier,
          identifierType: type,
        })),
      }

/** Types that people or accounts have, and nothing that is told of an institution. */
const OF_PEOPLE: ReadonlySet<string> = new Set([
  'name',
  'userName',
  'accountId',
  'emailAddress',
  'nationalIdentityNumber',
  'ltiUserId',
])

export const isOfPerson = ({ type }: Pick<OtherIdentifier, 'type'>): boolean => OF_PEOPLE.has(type)

/** In one line with others, a comma would begin the next one. */
const NOT_IN_ONE = /[,;\p{C}\p{Zl}\p{Zp}]/u

/** How an identifier of a known register is written. Of others nobody here can say. */
const FORMS: Readonly<Record<string, { readonly form: RegExp; readonly said: string }>> = {
  'ext:brin': {
    form: /^\d{2}[A-Z]{2}(?:\d{2})?$/,
    said: 'A BRIN is two digits and two capitals, and two digits of a location where there is one',
  },
  'ext:ror': {
    form: /^https:\/\/ror\.org\/0[a-hj-km-np-tv-z0-9]{6}\d{2}$/,
    said: 'A ROR is an address such as https://ror.org/04dkp9463',
  },
  'ext:kvk': { form: /^\d{8}$/, said: 'A number of the Dutch chamber of commerce has eight digits' },
  'ext:oin': { form: /^\d{20}$/, said: 'An OIN has twenty digits' },
  'ext:oid': { form: /^[0-2](?:\.(?:0|[1-9]\d*))+$/, said: 'An OID is numbers with points between them' },
}

/** What is wrong with one of an organisation, or with the way in which it is written, in a sentence; undefined: nothing that is known. */
export function identifierFault({ identifier, type }: OtherIdentifier): string | undefined {
  if (isOfPerson({ type })) return 'This type is one of people and accounts, and an issuer is an institution'
  if (NOT_IN_ONE.test(identifier)) return 'One identifier, without comma, semicolon, or end of line'
  const known = FORMS[type.toLowerCase()]
  return known === undefined || known.form.test(identifier) ? undefined : known.said
}

/** The places of those that stand there before already. */
export const repeatedIdentifiers = (identifiers: readonly OtherIdentifier[]): readonly number[] => {
  const keys = identifiers.map(({ identifier, type }) => `${type.toLowerCase()} ${identifier}`)
  return keys.flatMap((key, at) => (keys.indexOf(key) < at ? [at] : []))
}
