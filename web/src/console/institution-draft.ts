import type { Issuer } from '#web/api/wire.ts'

type Address = NonNullable<Issuer['address']>
type Identifier = Issuer['otherIdentifiers'][number]
type Parent = NonNullable<Issuer['parentOrg']>

export const ADDRESS_FIELDS = [
  'streetAddress',
  'postOfficeBoxNumber',
  'postalCode',
  'addressLocality',
  'addressRegion',
  'addressCountry',
  'addressCountryCode',
] as const
export const PARENT_FIELDS = ['id', 'name', 'url'] as const

/** What an issuer says of itself, as the form holds it: every field a text. */
export interface InstitutionDraft {
  readonly official: string
  readonly phone: string
  readonly address: Readonly<Record<(typeof ADDRESS_FIELDS)[number], string>>
  readonly identifiers: IdentifierDraft[]
  readonly parent: Readonly<Record<(typeof PARENT_FIELDS)[number], string>>
}

export interface IdentifierDraft {
  /** Tells rows apart, whatever is typed into them. */
  readonly key: string
  readonly type: string
  readonly identifier: string
}

export const emptyIdentifier = (): IdentifierDraft => identifierDraftOf({ type: 'ext:BRIN', identifier: '' })

export const institutionDraftOf = (issuer: Issuer | undefined): InstitutionDraft => ({
  official: issuer?.official ?? '',
  phone: issuer?.phone ?? '',
  address: textsOf(ADDRESS_FIELDS, issuer?.address),
  identifiers: (issuer?.otherIdentifiers ?? []).map(identifierDraftOf),
  parent: textsOf(PARENT_FIELDS, issuer?.parentOrg),
})

interface Institution {
  readonly official: string | null
  readonly phone: string | null
  readonly address: Address | null
  readonly otherIdentifiers: readonly Identifier[] | null
  readonly parentOrg: Parent | null
}

/** What the form says, over what was there before: what it does not show (a place on a map) stays. Null where it says nothing. */
export function institutionOf(draft: InstitutionDraft, before: Issuer | undefined): Institution {
  const address = filledOf(draft.address)
  const geo = before?.address?.geo
  const identifiers = draft.identifiers
    .map(({ type, identifier }) => ({ type, identifier: identifier.trim() }))
    .filter(({ identifier }) => identifier !== '')
  const { id, name, url } = filledOf(draft.parent)
  const { official, otherIdentifiers } = before?.parentOrg?.id === id ? (before?.parentOrg ?? {}) : {}
  const isNamed = id !== undefined || name !== undefined || url !== undefined
  return {
    official: draft.official.trim() || null,
    phone: barePhone(draft.phone) || null,
    address: Object.keys(address).length === 0 ? null : { ...address, ...(geo === undefined ? {} : { geo }) },
    otherIdentifiers: identifiers.length === 0 ? null : identifiers,
    parentOrg: isNamed
      ? {
          id: id ?? '',
          name: name ?? '',
          ...(url === undefined ? {} : { url }),
          ...(official === undefined ? {} : { official }),
          ...(otherIdentifiers === undefined ? {} : { otherIdentifiers }),
        }
      : null,
  }
}

/** Without the signs that people write between digits. */
export const barePhone = (phone: string): string => phone.replaceAll(/[\s().-]/g, '')

const identifierDraftOf = ({ type, identifier }: Identifier): IdentifierDraft => ({
  key: crypto.randomUUID(),
  type,
  identifier,
})

const textsOf = <Name extends string>(
  names: readonly Name[],
  from: { readonly [name in Name]?: string | undefined } | null | undefined,
) => Object.fromEntries(names.map((name) => [name, from?.[name] ?? ''])) as Record<Name, string>

const filledOf = <Name extends string>(texts: Readonly<Record<Name, string>>) =>
  Object.fromEntries(
    Object.entries<string>(texts).flatMap(([name, text]) =>
      text.trim() === '' ? [] : [[name, text.trim()]],
    ),
  ) as { readonly [name in Name]?: string }
