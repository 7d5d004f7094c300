import * as z from 'zod'
import { BADGE_SYMBOLS } from '#engine/achievements/badge-symbols.ts'
import { BADGE_SHAPES } from '#engine/achievements/house-style.ts'
import { text } from './common.ts'

const Colour = z.string().regex(/^#[0-9a-f]{6}$/, 'A colour such as #1f4d3f, in lower case')

const STYLE = {
  colours: z.strictObject({
    primary: Colour.describe('The ground.'),
    secondary: Colour.describe('The border and the symbol.'),
    text: Colour.describe('The name of the badge: at least 4.5 : 1 apart from `primary`.'),
  }),
  shape: z.enum(BADGE_SHAPES),
  levels: z
    .array(
      z.strictObject({
        name: z.strictObject({ nl: text(40), en: text(40) }),
        accent: Colour.describe(
          'Ground of its ribbon; its letters are black or white, whichever is readable.',
        ),
      }),
    )
    .min(1)
    .max(5)
    .describe('Level words, lowest first.'),
}
const Logo = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()
  .describe('Id of an uploaded PNG (POST /v1/images), drawn small below; null for none.')

const example = {
  colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffffff' },
  shape: 'shield' as const,
  levels: [
    { name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' },
    { name: { nl: 'Goud', en: 'Gold' }, accent: '#d9a520' },
  ],
  logo: null,
}

export const NewHouseStyle = z
  .strictObject({ ...STYLE, logo: Logo.default(null) })
  .meta({ id: 'NewHouseStyle', examples: [example] })

export const HouseStyle = z
  .strictObject({ ...STYLE, logo: Logo, revision: z.int() })
  .meta({ id: 'HouseStyle', examples: [{ ...example, revision: 2 }] })

export const NewPicture = z
  .strictObject({
    label: text(200)
      .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'Something to be seen')
      .describe('The name of the badge: at most three lines of it, the rest an ellipsis.'),
    level: z
      .int()
      .min(0)
      .max(4)
      .optional()
      .describe('Place in the level words of the house style, from 0. Default: no level.'),
    symbol: z.enum(BADGE_SYMBOLS).optional().describe('Default: none.'),
    language: z.enum(['nl', 'en']).default('en').describe('Of the level word.'),
  })
  .meta({
    id: 'NewPicture',
    examples: [{ label: 'Eerste hulp op de werkplek', level: 1, symbol: 'heart', language: 'nl' }],
  })
