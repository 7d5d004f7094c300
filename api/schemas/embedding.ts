import * as z from 'zod'
import { LanguageTag } from './common.ts'

const Share = z.string().max(100).optional().describe('The token of a share link.')

export const EmbedQuery = z.strictObject({
  share: Share,
  language: LanguageTag.default('en').describe('Of the page: Dutch, or else English.'),
})

export const ElsewhereQuery = z.strictObject({
  share: Share,
  language: LanguageTag.default('en').describe('Of the letter, and of the name where the badge has it.'),
})
export const Elsewhere = z
  .strictObject({
    url: z.string().describe('At which others see the badge.'),
    linkedIn: z.string().describe('Opens LinkedIn with the badge filled in.'),
    mailto: z.string().describe('Opens your own mail program.'),
    embed: z.string().describe('HTML that shows the badge within a page.'),
    oembed: z.string().describe('The same for programs that know oEmbed.'),
  })
  .meta({ id: 'Elsewhere' })

export const OEmbedQuery = z.strictObject({
  url: z.url().max(2000).describe('The address of a badge’s page.'),
  maxwidth: z.coerce.number().int().min(100).max(10_000).optional(),
  maxheight: z.coerce.number().int().min(100).max(10_000).optional(),
  format: z.literal('json').optional(),
})
export const OEmbed = z
  .strictObject({
    version: z.literal('1.0'),
    type: z.literal('rich'),
    title: z.string(),
    author_name: z.string(),
    author_url: z.string(),
    provider_name: z.string(),
    provider_url: z.string(),
    html: z.string(),
    width: z.int(),
    height: z.int(),
  })
  .meta({ id: 'OEmbed', description: 'oEmbed 1.0, type rich.' })
