import type { Collection } from '#web/api/wire.ts'

/** A collection as the form holds it. */
export interface CollectionDraft {
  readonly en: string
  readonly nl: string
  readonly aboutEn: string
  readonly aboutNl: string
  /** In their order. */
  readonly badges: string[]
  readonly visibility: string
  /** A day, or empty. */
  readonly until: string
  readonly shareBadges: boolean
  readonly newLink: boolean
}

export const EMPTY_COLLECTION: CollectionDraft = {
  en: '',
  nl: '',
  aboutEn: '',
  aboutNl: '',
  badges: [],
  visibility: 'private',
  until: '',
  shareBadges: false,
  newLink: false,
}

export const draftOf = ({
  name,
  description,
  badges,
  visibility,
  expiresAt,
}: Collection): CollectionDraft => ({
  ...EMPTY_COLLECTION,
  en: name['en'] ?? '',
  nl: name['nl'] ?? '',
  aboutEn: description['en'] ?? '',
  aboutNl: description['nl'] ?? '',
  badges: badges.map(({ credentialId }) => credentialId),
  visibility,
  until: expiresAt === null ? '' : dayOf(expiresAt),
})

/** What a new collection is asked for by, or a change of one: texts in more languages stay, and so does the end of a link. */
export function askedFor(draft: CollectionDraft, before?: Collection) {
  const { en, nl, aboutEn, aboutNl, badges, visibility, until, shareBadges, newLink } = draft
  const old = before === undefined ? undefined : draftOf(before)
  const isShownAsBefore = old !== undefined && old.visibility === visibility && old.until === until
  return {
    name: texts(before?.name, en, nl),
    description: texts(before?.description, aboutEn, aboutNl),
    badges,
    ...(isShownAsBefore
      ? {}
      : {
          visibility,
          ...(visibility === 'link' && until !== ''
            ? { expiresAt: new Date(`${until}T23:59:59`).toISOString() }
            : {}),
        }),
    ...(visibility === 'private' ? {} : { shareBadges }),
    ...(visibility === 'link' && newLink ? { newLink } : {}),
  }
}

function texts(before: Readonly<Record<string, string>> | undefined, en: string, nl: string) {
  const { en: _en, nl: _nl, ...others } = before ?? {}
  return {
    ...others,
    ...(en.trim() === '' ? {} : { en: en.trim() }),
    ...(nl.trim() === '' ? {} : { nl: nl.trim() }),
  }
}

/** The reader's own day, as a field for days takes it. */
function dayOf(time: string): string {
  const at = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
