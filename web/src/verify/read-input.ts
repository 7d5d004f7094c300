/** What is sent to be verified. */
export type VerifyInput =
  | { readonly kind: 'link'; readonly url: string }
  /** JSON of a request. What was handed in stands in it letter by letter: read and written again, it could change. */
  | { readonly kind: 'request'; readonly body: string; readonly picture?: Blob }
  | {
      readonly kind: 'bytes'
      readonly bytes: Blob | string
      readonly mediaType: string
      readonly picture?: Blob
    }

export type ReadInput =
  | { readonly ok: true; readonly input: VerifyInput }
  | { readonly ok: false; readonly code: 'empty' | 'unreadable' | 'receipt-alone' }

const JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/
const RECEIPT = 'waarmerk-receipt/1'

/** Reads what was pasted: a link, JSON or a compact JWS. */
export function readPasted(pasted: string): ReadInput {
  const text = pasted.trim()
  if (text === '') return { ok: false, code: 'empty' }
  if (/^https?:\/\/\S+$/i.test(text)) return ok({ kind: 'link', url: innermostLink(text) })
  return readText(text)
}

/** Reads one or two files: a badge, or a badge and its receipt in any order. */
export async function readFiles(files: readonly Blob[]): Promise<ReadInput> {
  const read = await Promise.all(files.map(readFile))
  const receipt = read.find((each) => each.kind === 'receipt')
  const badge = read.find((each) => each.kind !== 'receipt')
  if (badge === undefined) return { ok: false, code: receipt === undefined ? 'empty' : 'receipt-alone' }
  if (badge.kind === 'text') return readText(badge.text, receipt?.text)
  if (badge.kind === 'unreadable') return ok({ kind: 'bytes', bytes: badge.file, mediaType: ANY })
  const { file } = badge
  // A paper is none that could be shown beside what was found.
  const shown = badge.kind === 'picture' ? { picture: file } : {}
  const inside = receipt === undefined ? undefined : await badgeInside(file)
  if (inside === undefined) return ok({ kind: 'bytes', bytes: file, mediaType: file.type, ...shown })
  const both = readText(inside, receipt?.text)
  return both.ok && both.input.kind === 'request' ? ok({ ...both.input, ...shown }) : both
}

/** What we cannot read, the server refuses with its own words. */
const ANY = 'application/octet-stream'

type FileReading =
  | { readonly kind: 'receipt'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'picture' | 'paper'; readonly file: Blob }
  | { readonly kind: 'unreadable'; readonly file: Blob }

async function readFile(file: Blob): Promise<FileReading> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  if (start[0] === 0x89 && start[1] === 0x50) return pictureOf(file, 'image/png')
  if (start[0] === 0x25 && start[1] === 0x50)
    return { kind: 'paper', file: file.slice(0, file.size, 'application/pdf') }
  const text = (await file.text()).trim()
  if (text.startsWith('<')) return pictureOf(file, 'image/svg+xml')
  if (JWS.test(text)) return { kind: 'text', text }
  const json = jsonOf(text)
  if (json === undefined) return { kind: 'unreadable', file }
  return isReceipt(json) ? { kind: 'receipt', text } : { kind: 'text', text }
}

const pictureOf = (file: Blob, mediaType: string): FileReading => ({
  kind: 'picture',
  file: file.slice(0, file.size, mediaType),
})

/** With a receipt beside it, a badge is taken out of its picture or paper here; without one the server does it. */
async function badgeInside(file: Blob): Promise<string | undefined> {
  const { unbake } = await import('#adapters/crypto/unbake.ts')
  const unbaked = unbake(new Uint8Array(await file.arrayBuffer()))
  return unbaked?.ok === true ? new TextDecoder().decode(unbaked.credential).trim() : undefined
}

function readText(text: string, receipt?: string): ReadInput {
  const beside = receipt === undefined ? '' : `,"receipt":${receipt}`
  // Letters, digits and dots: such a text is its own JSON string.
  if (JWS.test(text)) return ok({ kind: 'request', body: `{"credential":"${text}"${beside}}` })
  const json = jsonOf(text)
  if (typeof json !== 'object' || json === null) return { ok: false, code: 'unreadable' }
  if (isReceipt(json)) return { ok: false, code: 'receipt-alone' }
  return ok({ kind: 'request', body: `{"credential":${text}${beside}}` })
}

const ok = (input: VerifyInput): ReadInput => ({ ok: true, input })

const isReceipt = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'format' in json && json.format === RECEIPT

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A link to our own check holds the link of the badge. */
function innermostLink(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  return (url.pathname === '/verify' ? url.searchParams.get('url') : null) ?? text
}
