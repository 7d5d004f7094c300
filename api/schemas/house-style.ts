import * as z from 'zod'
import { BADGE_SYMBOLS } from '#engine/achievements/badge-symbols.ts'
import { BADGE_SHAPES } from '#engine/achievements/house-style.ts'
import { text } from './common.ts'

const Colour = z.string().regex(/^#[0-9a-f]{6}$/, 'A colour such as #1f4d3f, in lower case')

const Colours = z.strictObject({
  primary: Colour.describe('The ground.'),
  secondary: Colour.describe('The border and the symbol: at least 3 : 1 apart from `primary`.'),
  text: Colour.describe('The name of the badge: at least 4.5 : 1 apart from `primary`.'),
})
const LevelWord = z.strictObject({
  name: z.strictObject({ nl: text(40), en: text(40) }),
  accent: Colour.describe('Ground of its ribbon; its letters are black or white, whichever is readable.'),
})

const STYLE = {
  colours: Colours,
  shape: z.enum(BADGE_SHAPES),
  levels: z.array(LevelWord).min(1).max(5).describe('Level words, lowest first.'),
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
    shape: z.enum(BADGE_SHAPES).optional().describe('Default: that of the house style.'),
    colours: Colours.optional().describe('Default: those of the house style.'),
    logo: z.boolean().optional().describe('False: without the logo of the house style.'),
  })
  .meta({
    id: 'NewPicture',
    examples: [
      { label: 'Eerste hulp op de werkplek', level: 1, symbol: 'heart', language: 'nl', shape: 'round' },
    ],
  })

export const PictureDesign = z
  .strictObject({
    label: z.string(),
    language: z.enum(['nl', 'en']),
    symbol: z.enum(BADGE_SYMBOLS).nullable(),
    shape: z.enum(BADGE_SHAPES),
    colours: Colours,
    level: LevelWord.nullable().describe('The level word as it was then.'),
    logo: z.string().nullable().describe('Id of the picture that was the logo then.'),
  })
  .meta({
    id: 'PictureDesign',
    examples: [
      {
        label: 'Eerste hulp op de werkplek',
        language: 'nl',
        symbol: 'heart',
        shape: 'round',
        colours: example.colours,
        level: example.levels[0],
        logo: null,
      },
    ],
  })
