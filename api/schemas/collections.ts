import * as z from 'zod'
import { Id, LanguageTag, LocalisedText, Time, text } from './common.ts'

const CollectionName = z
  .record(LanguageTag, text(200))
  .refine((texts) => Object.keys(texts).length > 0, 'At least one language')
const CollectionDescription = z.record(LanguageTag, text(2000))
const Badges = z
  .array(Id)
  .max(200)
  .refine((ids) => new Set(ids).size === ids.length, 'Each badge once')
  .describe('Ids of credentials of yours, in the order in which they are shown. Each once, 200 at most.')
const ShareBadges = z
  .boolean()
  .optional()
  .describe('Private badges in it may be seen by whoever sees the collection, for as long as others see it.')

const VISIBILITY = z.enum(['private', 'link', 'public'])
const EndOfLink = Time.describe('When its link ends. In the future; only with `visibility: "link"`.')
const endsOnlyLinks = (wanted: { visibility?: string | undefined; expiresAt?: string | null | undefined }) =>
  wanted.expiresAt === undefined || wanted.expiresAt === null || wanted.visibility === 'link'

export const NewCollection = z
  .strictObject({
    name: CollectionName,
    description: CollectionDescription.default({}),
    visibility: VISIBILITY.default('private'),
    expiresAt: EndOfLink.optional(),
    badges: Badges.default([]),
    shareBadges: ShareBadges,
  })
  .refine(endsOnlyLinks, { path: ['expiresAt'], error: 'Only a link has an end' })
  .meta({
    examples: [
      {
        name: { en: 'For my application', nl: 'Voor mijn sollicitatie' },
        visibility: 'link',
        expiresAt: '2030-01-31T23:59:59Z',
        badges: ['5f6b2f2e-6f1c-4a53-9d6e-3f7a1c2b4d5e'],
        shareBadges: true,
      },
    ],
  })

export const CollectionChange = z
  .strictObject({
    name: CollectionName.optional(),
    description: CollectionDescription.optional(),
    visibility: VISIBILITY.optional(),
    expiresAt: EndOfLink.optional(),
    badges: Badges.optional(),
    shareBadges: ShareBadges,
    newLink: z.boolean().optional().describe('Ends the link that there is and makes another.'),
  })
  .refine(endsOnlyLinks, { path: ['expiresAt'], error: 'Only a link has an end: send its visibility too' })
  .meta({ examples: [{ visibility: 'public', shareBadges: true }] })

export const Collection = z
  .strictObject({
    id: Id,
    page: z.string().describe('Opens for everybody when it is public, and else with its link only.'),
    name: LocalisedText,
    description: z.record(LanguageTag, z.string()),
    visibility: VISIBILITY,
    expiresAt: Time.nullable(),
    badges: z.array(
      z.strictObject({
        credentialId: Id,
        shown: z.boolean().describe('Private, and shown in this collection.'),
      }),
    ),
    revision: z.int().describe('For If-Match.'),
    createdAt: Time,
    changedAt: Time,
  })
  .meta({ id: 'Collection' })

export const MadeCollection = Collection.extend({
  url: z.string().nullable().describe('Its link, where this call made one. Shown this once.'),
}).meta({ id: 'MadeCollection' })

export const SharedCollection = z
  .strictObject({
    id: Id,
    name: LocalisedText,
    description: z.record(LanguageTag, z.string()),
    badges: z.array(
      z.strictObject({
        credentialId: Id,
        page: z.string().describe('Shows the badge to whoever sees this collection.'),
        achievementName: z.record(LanguageTag, z.string()),
        issuerName: z.string(),
        issuerDomain: z.string(),
        image: z.string().nullable(),
        awardedAt: Time,
        state: z.enum(['issued', 'suspended', 'revoked', 'expired', 'superseded']),
        test: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'SharedCollection' })
