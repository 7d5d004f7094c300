import PostalMime, { type Attachment, type Email } from 'postal-mime'
import type { BounceReport } from '#engine/notifications/bounce.ts'
import type { BounceReader } from '#services/ports/bounce-reader.ts'

const MOST_RECIPIENTS = 100

/**
 * A report has a part `message/delivery-status` and mostly what it reports on, whole or its headers only: there our own
 * Message-ID stands, which nobody knows who was not sent the mail. It was sent to the Return-Path of that mail, whose tag
 * stands in the addresses of the report.
 */
export const bounceReader: BounceReader = {
  read: async (bytes) => {
    const mail = await PostalMime.parse(bytes, {
      forceRfc822Attachments: true,
      maxNestingDepth: 10,
      maxHeadersSize: 100_000,
    }).catch(() => undefined)
    const type = mail?.headers.find(({ key }) => key === 'content-type')?.value ?? ''
    if (
      mail === undefined ||
      !/multipart\/report/i.test(type) ||
      !/report-type="?delivery-status/i.test(type)
    )
      return undefined
    const part = (mimeType: RegExp) =>
      mail.attachments.find((each) => mimeType.test(each.mimeType.toLowerCase()))
    const status = textOf(part(/^message\/(?:global-)?delivery-status$/))
    const original = textOf(part(/^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers)$/))
    const messageId = /^message-id:\s*(<[^<>\s]+>)/im.exec(original.split(/\r?\n\r?\n/)[0] ?? '')?.[1]
    const tags = tagsIn(mail.headers)
    if (messageId === undefined && tags.length === 0) return undefined
    // First what is about the message, then a block for each recipient.
    const reports = status
      .split(/\r?\n\s*\r?\n/)
      .slice(0, MOST_RECIPIENTS + 1)
      .flatMap((block): readonly BounceReport[] => {
        const fields = fieldsOf(block)
        const recipient = addressIn(fields.get('original-recipient') ?? fields.get('final-recipient'))
        const action = fields.get('action')?.toLowerCase()
        const code = /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? ''
        return recipient === undefined || action === undefined
          ? []
          : [{ ...(messageId === undefined ? {} : { messageId }), tags, recipient, action, status: code }]
      })
    return reports.length === 0 ? undefined : reports
  },
}

/** Where mail servers write to whom they brought it. */
const ADDRESSED: ReadonlySet<string> = new Set(['to', 'delivered-to', 'x-original-to', 'envelope-to'])

const tagsIn = (headers: Email['headers']): readonly string[] => [
  ...new Set(
    headers
      .filter(({ key }) => ADDRESSED.has(key))
      .flatMap(({ value }) =>
        [...value.matchAll(/\+([\w-]{1,64})@/g)].map(([, tag = '']) => tag.toLowerCase()),
      ),
  ),
]

function textOf(part: Attachment | undefined): string {
  if (part === undefined) return ''
  return typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content)
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const unfolded = block.replaceAll(/\r?\n[ \t]+/g, ' ')
  return new Map(
    [...unfolded.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value.trim(),
    ]),
  )
}

/** `rfc822; ann@example.org` */
const addressIn = (field: string | undefined): string | undefined =>
  /^(?:rfc822|utf-8)\s*;\s*<?([^\s<>]+@[^\s<>]+?)>?$/i.exec(field ?? '')?.[1]?.toLowerCase()
