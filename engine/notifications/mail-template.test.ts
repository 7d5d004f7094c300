import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAIL_LANGUAGES, type MailKind } from './mail-kind.ts'
import { MAIL_KIND_NAMES, mailKind } from './mail-kinds.ts'
import { checkMailTemplate, LINK_MARK, renderMailTemplate, SUBJECT_MOST, TEXT_MOST } from './mail-template.ts'

const claim = mailKind('claim')
const write = (text: string, subject = 'A badge') => ({ subject, text })
const refusalOf = (template: { subject: string; text: string }, kind: MailKind = claim) => {
  try {
    checkMailTemplate(kind, template)
    return undefined
  } catch (error) {
    return error as { code: string; parameters: Record<string, unknown> }
  }
}

describe('a template', () => {
  test('of ours passes our own checks, for every kind and language', () => {
    for (const name of MAIL_KIND_NAMES)
      for (const language of MAIL_LANGUAGES)
        expect([name, language, refusalOf(mailKind(name).texts[language], mailKind(name))]).toEqual([
          name,
          language,
          undefined,
        ])
  })

  test('of ours is no longer than others may be', () => {
    for (const name of MAIL_KIND_NAMES)
      for (const language of MAIL_LANGUAGES) {
        const { subject, text } = mailKind(name).texts[language]
        expect([name, subject.length <= SUBJECT_MOST, text.length <= TEXT_MOST]).toEqual([name, true, true])
      }
  })

  test('of ours speaks in both languages of the same variables', () => {
    const spoken = (text: string) =>
      new Set([...text.matchAll(/\{\{[#^/]?(\w+)\}\}/g)].map(([, name]) => name))
    for (const name of MAIL_KIND_NAMES) {
      const { nl, en } = mailKind(name).texts
      expect([name, spoken(nl.subject + nl.text)]).toEqual([name, spoken(en.subject + en.text)])
    }
  })

  test('that speaks of a variable that is not there is refused, with what is there', () => {
    expect(refusalOf(write('Hi {{name}}, {{#vip}}{{achievement}}{{/vip}}: {{link}}'))).toMatchObject({
      code: 'template-variable-unknown',
      parameters: { variables: ['name', 'vip'], known: ['link', 'achievement', 'issuer', 'byRule'] },
    })
    for (const name of ['constructor', '__proto__', '.', 'achievement.length'])
      expect(refusalOf(write(`{{${name}}} {{link}}`))).toMatchObject({ parameters: { variables: [name] } })
  })

  test('keeps the link, where it always shows', () => {
    for (const template of [
      write('No link.'),
      write('{{#byRule}}{{link}}{{/byRule}}'),
      write('{{#link}}x{{/link}}'),
      write('{{link}}', 'Look at {{link}}'),
    ])
      expect(refusalOf(template)).toMatchObject({ code: 'template-link-missing' })
  })

  test('that cannot be read is refused, and says which part', () => {
    for (const text of [
      '{{#byRule}}x',
      '{{/byRule}}',
      '{{link',
      '{{> other}}{{link}}',
      '{{=<% %>=}}<%link%>',
    ])
      expect(refusalOf(write(text))).toMatchObject({
        code: 'template-malformed',
        parameters: { part: 'text' },
      })
    expect(refusalOf(write('{{link}}', '{{#byRule}}'))).toMatchObject({ parameters: { part: 'subject' } })
  })
})

describe('what is filled in', () => {
  test('is one line each, and never passes for the link, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom('', LINK_MARK, '\r\nBcc: x@example.org', '\n\n', '{{link}}', '\u202E'),
        (value, nasty) => {
          const { subject, paragraphs } = renderMailTemplate(
            claim,
            { subject: '{{achievement}}', text: '{{achievement}}\n\nTo it: {{link}}' },
            { achievement: value + nasty + value },
            claim.texts.en,
          )
          expect(subject).not.toMatch(/[\r\n\p{Cc}\u202E]/u)
          expect(subject).not.toBe('')
          const marks = paragraphs.join('').split(LINK_MARK).length - 1
          expect(marks).toBe(1)
          expect(paragraphs.length).toBeLessThanOrEqual(2)
          expect(paragraphs.at(-1)).toBe(`To it: ${LINK_MARK}`)
        },
      ),
    )
  })

  test('is shown as it is, and what is not known as nothing', () => {
    expect(
      renderMailTemplate(claim, claim.texts.en, { achievement: '<b>{{issuer}} & co</b>' }, claim.texts.en),
    ).toEqual({
      subject: 'You have earned a badge: <b>{{issuer}} & co</b>',
      paragraphs: [
        'has awarded you the badge "<b>{{issuer}} & co</b>".',
        'A person of the organisation decided this.',
        'Nobody but you sees the badge until you share it.',
        `View and claim the badge: ${LINK_MARK}`,
      ],
    })
  })
})
