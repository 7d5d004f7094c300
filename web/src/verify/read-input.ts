/** What is sent to be verified. */
export type VerifyInput =
  | { readonly kind: 'link'; readonly url: string }
  /** Sent as it came: the server reads the very bytes, and nothing of them is lost in our hands. */
  | {
      readonly kind: 'bytes'
      readonly bytes: Blob | string
      readonly mediaType: string
      readonly picture?: Blob
    }
  /** A badge with its receipt, as the JSON text of a request. */
  | { readonly kind: 'request'; readonly body: string }

export type ReadInput =
  | { readonly ok: true; readonly input: VerifyInput }
  | { readonly ok: false; readonly code: 'empty' | 'unreadable' | 'receipt-alone' }

const JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/
const RECEIPT = 'waarmerk-receipt/1'

/** Reads what was pasted: a link, JSON or a compact JWS. */
export function readPasted(pasted: string): ReadInput {
  const text = pasted.trim()
  if (text === '') return { ok: false, code: 'empty' }
  if (/^https?:\/\/\S+$/i.test(text)) return { ok: true, input: { kind: 'link', url: innermostLink(text) } }
  return readText(text)
}

/** Reads one or two files: a badge, or a badge and its receipt in any order. */
export async function readFiles(files: readonly Blob[]): Promise<ReadInput> {
  const read = await Promise.all(files.map(readFile))
  const receipt = read.find((each) => each.receipt)
  const badge = read.find((each) => !each.receipt)
  if (badge === undefined) return { ok: false, code: receipt === undefined ? 'empty' : 'receipt-alone' }
  if (receipt?.text === undefined || badge.text === undefined) return badge.reading
  const credential = JWS.test(badge.text) ? JSON.stringify(badge.text) : badge.text
  return {
    ok: true,
    // Both texts are JSON by themselves; together they go as they are, so that the server still sees every byte.
    input: { kind: 'request', body: `{"credential":${credential},"receipt":${receipt.text}}` },
  }
}

interface FileReading {
  readonly reading: ReadInput
  readonly text?: string
  readonly receipt: boolean
}

async function readFile(file: Blob): Promise<FileReading> {
  const start = new Uint8Array(await file.slice(0, 256).arrayBuffer())
  if (start[0] === 0x89 && start[1] === 0x50) return picture(file, 'image/png')
  const text = (await file.text()).trim()
  if (text.startsWith('<')) return picture(file, 'image/svg+xml')
  const json = jsonOf(text)
  const receipt = typeof json === 'object' && json !== null && 'format' in json && json.format === RECEIPT
  if (json === undefined && !JWS.test(text)) return { reading: asText(file), receipt: false }
  return { reading: receipt ? { ok: false, code: 'receipt-alone' } : readText(text), text, receipt }
}

const picture = (file: Blob, mediaType: string): FileReading => ({
  reading: {
    ok: true,
    input: { kind: 'bytes', bytes: file, mediaType, picture: file.slice(0, file.size, mediaType) },
  },
  receipt: false,
})

/** What we cannot read, the server refuses with its own words. */
const asText = (file: Blob): ReadInput => ({
  ok: true,
  input: { kind: 'bytes', bytes: file, mediaType: 'application/vc+ld+json' },
})

function readText(text: string): ReadInput {
  if (JWS.test(text)) return { ok: true, input: { kind: 'bytes', bytes: text, mediaType: 'text/plain' } }
  const json = jsonOf(text)
  if (typeof json !== 'object' || json === null) return { ok: false, code: 'unreadable' }
  if ('format' in json && json.format === RECEIPT) return { ok: false, code: 'receipt-alone' }
  return { ok: true, input: { kind: 'bytes', bytes: text, mediaType: 'application/vc+ld+json' } }
}

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
