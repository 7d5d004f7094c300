import { LINK_MARK, type RenderedMail } from '#engine/notifications/mail-template.ts'

/** Subject, plain text and HTML of a mail, in the language of its reader (Dutch, or else English). */
export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Lays a mail out as text and as HTML, with the name of who sends it above. A paragraph that is a label, a colon and the
 * link is a button. Everything is escaped here, once: nobody's HTML comes through.
 */
export function layOut(
  { subject, paragraphs }: RenderedMail,
  {
    url,
    sender,
    footer,
  }: {
    readonly url: string
    readonly sender?: string
    readonly footer?: { readonly label: string; readonly url: string }
  },
): MailText {
  const linked = (paragraph: string): string => paragraph.replaceAll(LINK_MARK, () => url)
  const inHtml = (paragraph: string): string => {
    const label = BUTTON.exec(paragraph)?.[1]
    if (label !== undefined) return anchor(url, label, BUTTON_STYLE)
    return paragraph
      .split(LINK_MARK)
      .map((each) => escapeHtml(each).replaceAll('\n', '<br>'))
      .join(anchor(url, url))
  }
  const head =
    sender === undefined ? '' : `<p style="color:#2b5d4f;font-weight:bold">${escapeHtml(sender)}</p>`
  const foot =
    footer === undefined
      ? ''
      : `<p style="color:#666;font-size:smaller">${anchor(footer.url, footer.label)}</p>`
  return {
    subject,
    text: [
      ...paragraphs.map(linked),
      ...(footer === undefined ? [] : [`${footer.label}: ${footer.url}`]),
    ].join('\n\n'),
    html: `<!doctype html><html><body style="font-family:sans-serif;line-height:1.5">${head}${paragraphs.map((each) => `<p>${inHtml(each)}</p>`).join('')}${foot}</body></html>`,
  }
}

const BUTTON = new RegExp(`^([^${LINK_MARK}]+?):\\s*${LINK_MARK}$`)
const BUTTON_STYLE =
  'display:inline-block;padding:12px 20px;background:#2b5d4f;color:#fff;border-radius:6px;text-decoration:none'

const anchor = (url: string, label: string, style?: string): string =>
  `<a href="${escapeHtml(url)}"${style === undefined ? '' : ` style="${style}"`}>${escapeHtml(label)}</a>`

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
