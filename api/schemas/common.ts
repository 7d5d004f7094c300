import * as z from 'zod'
import { isAbsoluteUrl } from '#engine/credentials/data-model/absolute-url.ts'
import { isVisible } from '#engine/shared/visible-text.ts'

export const Id = z.uuid().describe('A bare UUID.')
export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, 'Lower-case letters, digits and inner hyphens, at most 60')
  .describe('Part of URLs for ever: lower-case letters, digits and hyphens.')
export const Time = z.iso.datetime({ offset: true }).describe('RFC 3339.')
export const Email = z.email().max(254)
export const Right = z.enum(['create', 'read', 'update', 'delete', 'award', 'sign', 'administer'])
/** As Open Badges 3.0 narrows BCP 47 down: language, script, region. Other tags could be written and never issued. */
export const LanguageTag = z
  .string()
  .regex(/^[a-z]{2,4}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/, 'A language tag such as nl or en-GB')

const isAddress = (said: string): boolean => isAbsoluteUrl(said) && !/\p{C}/u.test(said) && URL.canParse(said)

/** An address on the web, as it can stand in a signed document. */
export const webAddress = (most: number) =>
  z
    .url({ protocol: /^https?$/ })
    .max(most)
    .refine(isAddress, 'No address, or with characters that stand in none: write them percent-encoded')

/** The same of a DID. */
export const Did = z
  .string()
  .max(500)
  .regex(/^did:[a-z0-9]+:[\w.:%-]*[\w-]$/, 'A DID')
  .refine((said) => !/%(?![0-9A-Fa-f]{2})/.test(said), 'A DID')

/**
 * No control characters, and none that override the direction of writing: what is read would differ from what is
 * signed. Tab and the ends of lines are text, and so are the plain direction marks of Arabic and Hebrew.
 */
const VISIBLE = /^(?:[\t\n\r]|[^\p{Cc}\u202A-\u202E\u2066-\u2069])*$/u

const readable = (said: z.ZodString, most: number) =>
  said.min(1).max(most).regex(VISIBLE, 'No control characters and none that change the direction of writing')

/** A text for people. */
export const text = (most: number) => readable(z.string(), most)

/** The name of something, trimmed: it shows something. For what comes in; what is there already may be older. */
export const title = (most: number) =>
  readable(z.string().trim(), most).refine(
    (said) => said === '' || isVisible(said),
    'Nothing of it can be seen',
  )

/** A text for people, by language. */
export const LocalisedText = z
  .record(LanguageTag, text(10_000))
  .refine((texts) => Object.keys(texts).length > 0, 'At least one language')

export const Hex32 = z.string().regex(/^0x[0-9a-f]{64}$/)

/** Names the organisation where the caller belongs to several. An API key has one. */
export const OrganisationQuery = z.strictObject({ organisation: Id.optional() })

export const PageQuery = z.strictObject({
  organisation: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional().describe('`next` of the page before.'),
})

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable().describe('Cursor of the next page.') })

export const listOf = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item) })
