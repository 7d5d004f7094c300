/** Subject, plain text and HTML of a mail, in the language of its reader (Dutch, or else English). */
export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Paragraphs with one thing to do, as text and as HTML. What is put in is escaped. */
export function mail(
  subject: string,
  paragraphs: readonly string[],
  url: string,
  action: string,
  closing?: string,
): MailText {
  const all = closing === undefined ? paragraphs : [...paragraphs, closing]
  const button = `<p><a href="${escapeHtml(url)}" style="display:inline-block;padding:12px 20px;background:#2b5d4f;color:#fff;border-radius:6px;text-decoration:none">${escapeHtml(action)}</a></p>`
  return {
    subject,
    text: [...paragraphs, `${action}: ${url}`, ...(closing === undefined ? [] : [closing])].join('\n\n'),
    html: `<!doctype html><html><body style="font-family:sans-serif;line-height:1.5">${all.map((each, at) => `<p>${escapeHtml(each)}</p>${at === paragraphs.length - 1 ? button : ''}`).join('')}</body></html>`,
  }
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
