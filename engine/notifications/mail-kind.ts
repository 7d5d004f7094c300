/** The languages that we write in. A reader of any other reads English. */
export const MAIL_LANGUAGES = ['nl', 'en'] as const
export type MailLanguage = (typeof MAIL_LANGUAGES)[number]

export const mailLanguage = (language: string): MailLanguage => (language.startsWith('nl') ? 'nl' : 'en')

/**
 * What stands in a mail and differs each time. A `flag` is there to be asked after (`{{#byRule}}…{{/byRule}}`) and shows
 * as nothing; so does a text that is not known this time.
 */
export interface MailVariable {
  readonly type: 'text' | 'flag'
  readonly description: Readonly<Record<MailLanguage, string>>
  readonly sample: string | boolean
}

/**
 * Subject and body as templates of mustache. Paragraphs of `text` are parted by empty lines. One that is nothing but a
 * label, a colon and `{{link}}` becomes a button in HTML.
 */
export interface MailTemplate {
  readonly subject: string
  readonly text: string
}

export interface MailKind {
  readonly audience: 'earner' | 'member' | 'invited' | 'endorser' | 'account'
  /** Whether it is sent in an organisation's name, so that the organisation words it. The others are ours. */
  readonly changeable: boolean
  readonly description: Readonly<Record<MailLanguage, string>>
  /** `link`, which every mail has, is not among them. */
  readonly variables: Readonly<Record<string, MailVariable>>
  readonly texts: Readonly<Record<MailLanguage, MailTemplate>>
}

/** Where the mail leads to: the one thing that a template may not leave out. */
export const LINK = 'link'

export const text = (nl: string, en: string, sample: string): MailVariable => ({
  type: 'text',
  description: { nl, en },
  sample,
})

export const flag = (nl: string, en: string): MailVariable => ({
  type: 'flag',
  description: { nl, en },
  sample: true,
})

/** Paragraphs as they stand in a template. */
export const paragraphs = (...each: readonly string[]): string => each.join('\n\n')
