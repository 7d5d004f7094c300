import * as z from 'zod'
import { MAIL_LANGUAGES } from '#engine/notifications/mail-kind.ts'
import { SUBJECT_MOST, TEXT_MOST } from '#engine/notifications/mail-template.ts'
import { Time, text } from './common.ts'

const Language = z.enum(MAIL_LANGUAGES)
const Kind = z.string().min(1).max(60).describe('A kind of mail, as the list names it.')

const texts = {
  subject: text(SUBJECT_MOST).describe('One line, in mustache.'),
  text: text(TEXT_MOST).describe(
    'In mustache: paragraphs, parted by empty lines. One that is a label, a colon and `{{link}}` becomes a button.',
  ),
}

export const MailTemplateParams = z.strictObject({ kind: Kind, language: Language })

export const MailTemplateTexts = z.strictObject(texts).meta({
  id: 'MailTemplateTexts',
  examples: [
    {
      subject: 'Gefeliciteerd met je badge {{achievement}}',
      text: 'Je hebt bij ons de badge "{{achievement}}" verdiend.\n\nBadge ophalen: {{link}}\n\nVragen? Loop even langs.',
    },
  ],
})

const EXAMPLE = {
  kind: 'claim',
  language: 'nl' as const,
  audience: 'earner' as const,
  description: 'Iemand heeft een badge gekregen en kan hem ophalen.',
  variables: [
    {
      name: 'achievement',
      type: 'text' as const,
      description: 'Naam van de badge',
      sample: 'EHBO basis',
    },
  ],
  subject: 'Je hebt een badge: {{achievement}}',
  text: '{{issuer}} heeft je de badge "{{achievement}}" toegekend.\n\nBadge bekijken en ophalen: {{link}}',
  isStandard: true,
  revision: 0,
  changedAt: null,
}

export const MailTemplate = z
  .strictObject({
    kind: Kind,
    language: Language,
    audience: z.enum(['earner', 'member', 'invited', 'endorser', 'account']).describe('Whom it is sent to.'),
    description: z.string(),
    variables: z
      .array(
        z.strictObject({
          name: z.string(),
          type: z
            .enum(['text', 'flag', 'link'])
            .describe('`flag`: to ask after. `link`: where the mail leads.'),
          description: z.string(),
          sample: z.union([z.string(), z.boolean()]),
        }),
      )
      .describe('What the template may speak of. `link` must stand in the text.'),
    ...texts,
    isStandard: z.boolean().describe('Whether these are the words of the product.'),
    revision: z.int().min(0).describe('For If-Match; 0 where it was never changed.'),
    changedAt: Time.nullable(),
  })
  .meta({ id: 'MailTemplate', examples: [EXAMPLE] })

export const MailPreviewRequest = z
  .strictObject({
    ...MailTemplateTexts.partial().shape,
    values: z
      .record(z.string().max(60), z.union([z.string().max(1_000), z.boolean()]))
      .optional()
      .describe('What to fill in instead of the samples; what is left out shows as nothing.'),
  })
  .refine(({ subject, text }) => (subject === undefined) === (text === undefined), {
    message: 'Subject and text together, or neither',
    path: ['subject'],
  })
  .meta({ id: 'MailPreviewRequest', examples: [{ values: { achievement: 'EHBO basis', byRule: false } }] })

export const MailPreview = z.strictObject({ subject: z.string(), text: z.string(), html: z.string() }).meta({
  id: 'MailPreview',
  examples: [
    {
      subject: 'Je hebt een badge: EHBO basis',
      text: 'Voorbeeldschool heeft je de badge "EHBO basis" toegekend.',
      html: '<!doctype html><html>…</html>',
    },
  ],
})
