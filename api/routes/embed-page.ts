import type { AnswerHeaders } from '#api/http/answer.ts'
import { escapeHtml } from '#api/http/html.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { CredentialPage } from '#services/credentials/serve-credentials.ts'
import { credentialState } from './credential-view.ts'

/** Of the frame, in pixels. */
export const EMBED_SIZE = { width: 480, height: 180 } as const

/** `<iframe>` for the pages of others. The frame gets no script, and is told nothing of the page around it. */
export const embedSnippet = (
  src: string,
  title: string,
  { width, height }: { readonly width: number; readonly height: number } = EMBED_SIZE,
): string =>
  `<iframe src="${escapeHtml(src)}" title="${escapeHtml(title)}" width="${width}" height="${height}" style="border:0" loading="lazy" referrerpolicy="no-referrer" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`

/**
 * The only answer that may stand in a frame, and therefore has nothing to press but a link: no script, no form, no cookie
 * is looked at.
 */
export const embedHeaders = ({ image }: CredentialPage): AnswerHeaders => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    `img-src ${image === undefined ? "'self'" : new URL(image).origin}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    'frame-ancestors *',
  ].join('; '),
  // Taken away: it knows no "anybody", and what frame-ancestors says is all.
  'X-Frame-Options': '',
  'Cross-Origin-Resource-Policy': 'cross-origin',
})

/** The badge as a small page without script. */
export function embedPage(page: CredentialPage, language: string, url: string): Uint8Array {
  const lang = language.startsWith('nl') ? 'nl' : 'en'
  const words = lang === 'nl' ? DUTCH : ENGLISH
  const { definition } = page.version
  const name = textIn(definition.name, language, definition.language)
  const state = credentialState(page)
  const notes = [
    ...(page.test ? ['TEST'] : []),
    ...(state === 'issued' ? [] : [words.states[state]]),
    ...(page.omits.length === 0 ? [] : [words.attested]),
  ]
  const image =
    page.image === undefined ? '' : `<img src="${escapeHtml(page.image)}" alt="" width="112" height="112">`
  const day = formatInstant(page.award.awardedAt).slice(0, 10)
  return new TextEncoder().encode(`<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(name)}</title>
<style>body{font:1rem/1.4 system-ui,sans-serif;margin:0;color:#1a1b1e;background:#fff}main{display:flex;gap:1rem;padding:1rem;border:1px solid #868e96;border-radius:.5rem;align-items:center}h1{font-size:1.1rem;margin:0}p{margin:.2rem 0}a{color:#1f5a49}strong{color:#7a2e00}</style>
<main>
${image}
<div>
<h1>${escapeHtml(name)}</h1>
<p>${escapeHtml(page.issuerDomain)} · ${escapeHtml(page.issuer.name)} · <time datetime="${day}">${day}</time></p>
${notes.length === 0 ? '' : `<p><strong>${escapeHtml(notes.join(' · '))}</strong></p>`}
<p><a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer">${page.omits.length === 0 ? words.open : words.openAttested}</a></p>
</div>
</main>
</html>
`)
}

const ENGLISH = {
  open: 'See and verify the badge',
  openAttested: 'See the badge',
  attested: 'Without the signed document',
  states: {
    suspended: 'Suspended',
    revoked: 'Revoked',
    expired: 'Expired',
    superseded: 'Replaced by a newer one',
  },
} as const

const DUTCH = {
  open: 'Bekijk en controleer de badge',
  openAttested: 'Bekijk de badge',
  attested: 'Zonder het ondertekende document',
  states: {
    suspended: 'Opgeschort',
    revoked: 'Ingetrokken',
    expired: 'Verlopen',
    superseded: 'Vervangen door een nieuwere',
  },
} as const
