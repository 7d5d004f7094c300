import { expect, test } from 'vitest'
import type { Collection } from '#web/api/wire.ts'
import { askedFor, draftOf, EMPTY_COLLECTION } from './collection-draft.ts'

const collection: Collection = {
  id: '00000000-0000-4000-8000-000000000001',
  page: 'https://badges.example.org/collections/1',
  name: { en: 'Mine', de: 'Meine' },
  description: { nl: 'Twee.' },
  visibility: 'link',
  expiresAt: '2030-01-31T12:00:00Z',
  badges: [
    { credentialId: 'one', shown: true },
    { credentialId: 'two', shown: false },
  ],
  revision: 3,
  createdAt: '2026-11-26T09:00:00Z',
  changedAt: '2026-11-26T09:00:00Z',
}

test('what nobody changes is asked for as it was, and who sees it and until when not at all', () => {
  expect(askedFor(draftOf(collection), collection)).toEqual({
    name: collection.name,
    description: collection.description,
    badges: ['one', 'two'],
    shareBadges: false,
  })
})

test('another end of a link is asked for with who sees it, and none ends the end', () => {
  const draft = draftOf(collection)
  expect(askedFor({ ...draft, until: '2031-02-01' }, collection)).toMatchObject({
    visibility: 'link',
    expiresAt: new Date('2031-02-01T23:59:59').toISOString(),
  })
  const endless = askedFor({ ...draft, until: '' }, collection)
  expect(endless).toMatchObject({ visibility: 'link' })
  expect(endless).not.toHaveProperty('expiresAt')
  expect(askedFor({ ...draft, newLink: true }, collection)).toMatchObject({ newLink: true })
})

test('a new one is as it is filled in; a private one asks for no consent', () => {
  expect(askedFor({ ...EMPTY_COLLECTION, nl: ' Van mij ', badges: ['one'] })).toEqual({
    name: { nl: 'Van mij' },
    description: {},
    badges: ['one'],
    visibility: 'private',
  })
})
