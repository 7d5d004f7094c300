import mustache from 'mustache'
import { errors } from '#engine/errors/catalogue.ts'
import { LINK, type MailKind, type MailTemplate } from './mail-kind.ts'

/** The longest subject and text of a template, in UTF-16 units. */
export const SUBJECT_MOST = 200
export const TEXT_MOST = 10_000

/** What a mail is filled in with. A variable that is left out shows as nothing, and as false where it is asked after. */
export type MailValues = Readonly<Record<string, string | boolean | undefined>>

export interface RenderedMail {
  readonly subject: string
  /** Each with the link in it as `LINK_MARK`. */
  readonly paragraphs: readonly string[]
}

/** Stands for the link until the layout puts it in, so that no value can pass for it: values never hold it. */
export const LINK_MARK = '\uE000'

/** A value is one short line: it makes no paragraphs, and no header of a mail. */
const VALUE_MOST = 2_000

/**
 * Refuses what could not be sent: `template-malformed`, `template-variable-unknown`, `template-link-missing`.
 * Mustache has no logic: whatever passes ends, and reads nothing but the variables.
 */
export function checkMailTemplate(kind: MailKind, template: MailTemplate): void {
  const known = [LINK, ...Object.keys(kind.variables)]
  const read = {
    subject: namesIn('subject', parse('subject', template.subject)),
    text: namesIn('text', parse('text', template.text)),
  }
  const variables = [...new Set([...read.subject.all, ...read.text.all])].filter(
    (name) => !known.includes(name),
  )
  if (variables.length > 0) throw errors.templateVariableUnknown({ variables, known })
  if (!read.text.always.has(LINK) || read.subject.all.has(LINK))
    throw errors.templateLinkMissing({ variable: LINK })
}

/** Fills a template in. It was checked; where a subject comes out empty, that of `fallback` is taken. */
export function renderMailTemplate(
  kind: MailKind,
  template: MailTemplate,
  values: MailValues,
  fallback: MailTemplate,
): RenderedMail {
  const view = Object.fromEntries(Object.keys(kind.variables).map((name) => [name, shown(values[name])]))
  const fill = (source: string): string =>
    mustache.render(source, { ...view, [LINK]: LINK_MARK }, {}, { escape: asItIs })
  const subject = oneLine(fill(template.subject)).slice(0, SUBJECT_MOST)
  return {
    subject: subject === '' ? oneLine(fill(fallback.subject)).slice(0, SUBJECT_MOST) : subject,
    paragraphs: fill(template.text)
      .split(/\n\s*\n/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  }
}

/** Fills one of our own sentences in: see NotificationKind. */
export const renderSentence = (template: string, values: MailValues): string =>
  oneLine(
    mustache.render(
      template,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)])),
      {},
      { escape: asItIs },
    ),
  )

// What people write must not stay in memory for ever.
mustache.templateCache = undefined

// Nothing is escaped here: the layout escapes the whole of what comes out, once.
const asItIs = (value: unknown): string => (typeof value === 'string' ? value : '')

const oneLine = (value: string): string => value.replace(/\s+/g, ' ').trim()

/** Without controls, signs that turn the direction of writing, and private characters such as the mark. */
const shown = (value: string | boolean | undefined): string | boolean =>
  typeof value === 'string'
    ? oneLine(value.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069\uE000-\uF8FF]/gu, ' ')).slice(0, VALUE_MOST)
    : value === true

/** Type, value, start, end, and what is in it where it is a section. */
type Token = readonly [type: string, value: string, start: number, end: number, inner?: readonly Token[]]

function parse(part: 'subject' | 'text', source: string): readonly Token[] {
  try {
    return mustache.parse(source) as readonly Token[]
  } catch (error) {
    throw errors.templateMalformed({ part, reason: error instanceof Error ? error.message : 'unreadable' })
  }
}

/** Which variables a template speaks of, and which of them whatever is known. */
function namesIn(part: 'subject' | 'text', tokens: readonly Token[], always = true): Names {
  const names = { all: new Set<string>(), always: new Set<string>() }
  for (const [type, value, , , inner] of tokens) {
    if (type === 'text' || type === '!') continue
    if (type === '>' || type === '=')
      throw errors.templateMalformed({
        part,
        reason: type === '>' ? 'partials are not taken' : 'delimiters stay as they are',
      })
    names.all.add(value)
    if (type === '#' || type === '^')
      for (const name of namesIn(part, inner ?? [], false).all) names.all.add(name)
    else if (always) names.always.add(value)
  }
  return names
}

interface Names {
  readonly all: Set<string>
  readonly always: Set<string>
}
