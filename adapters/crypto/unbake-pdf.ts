import { Unzlib } from 'fflate'
import type { Unbaked } from '#services/ports/badge-images.ts'

/** Largest credential that is taken out, and how many objects and attached files are looked at. */
const MAX_CREDENTIAL = 1024 * 1024
const MAX_OBJECTS = 5000
const MAX_FILES = 64
/** Longest dictionary before a stream that is read. */
const MAX_DICTIONARY = 1024

export const isPdf = (bytes: Uint8Array): boolean => startsAt(bytes, '%PDF-', 0)

/**
 * Takes the credential out of a PDF (ISO 32000) that has it as an attached file, as our certificates do. It does not follow the tables of
 * the file: it looks at every attached file that there is, in one pass, so that another reader cannot find one that this does not. Two
 * credentials that differ are refused. What it does not read is refused too: encryption, and filters other than Flate.
 */
export function unbakePdf(pdf: Uint8Array): Unbaked {
  if (find(pdf, '/Encrypt', 0) >= 0) return no('the PDF is encrypted')
  const found: Uint8Array[] = []
  let objects = 0
  let files = 0
  for (let at = find(pdf, 'stream', 0); at >= 0; at = find(pdf, 'stream', at)) {
    objects += 1
    if (objects > MAX_OBJECTS) return no('the PDF has too many parts')
    const start = at + 'stream'.length
    const dictionary = dictionaryBefore(pdf, at)
    const body = bodyAt(pdf, start)
    at = start
    if (dictionary === undefined || body === undefined) continue
    const end = find(pdf, 'endstream', body)
    if (end < 0) return no('the PDF is torn')
    at = end + 'endstream'.length
    if (!/\/Type\s*\/EmbeddedFile\b/.test(dictionary)) continue
    files += 1
    if (files > MAX_FILES) return no('the PDF has too many attached files')
    const content = contentOf(pdf, dictionary, body, end)
    if (content === 'too-large') return no('a file in the PDF is over 1 MB')
    if (content === 'unreadable') return no('a file in the PDF is packed in a way that is not read')
    if (isCredential(content) && !found.some((other) => isSame(other, content))) found.push(content)
  }
  const [credential] = found
  if (found.length > 1) return no('the PDF has more than one badge inside')
  return credential === undefined ? no('the PDF has no badge inside') : { ok: true, credential }
}

/** The text from `obj` to here, when nothing but a dictionary stands there. */
function dictionaryBefore(pdf: Uint8Array, at: number): string | undefined {
  const text = latin1(pdf.subarray(Math.max(0, at - MAX_DICTIONARY), at))
  const begin = text.lastIndexOf(' obj')
  const between = begin < 0 ? '' : text.slice(begin + ' obj'.length).trim()
  return between.startsWith('<<') && between.endsWith('>>') ? unescapeNames(between) : undefined
}

/** A name may be written with its letters as numbers: `/Em#62eddedFile`. */
const unescapeNames = (text: string): string =>
  text.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** After `stream` stands an end of line, and then the bytes. */
function bodyAt(pdf: Uint8Array, at: number): number | undefined {
  if (pdf[at] === 0x0a) return at + 1
  return pdf[at] === 0x0d && pdf[at + 1] === 0x0a ? at + 2 : undefined
}

function contentOf(
  pdf: Uint8Array,
  dictionary: string,
  body: number,
  end: number,
): Uint8Array | 'too-large' | 'unreadable' {
  const length = /\/Length\s+(\d{1,9})(?!\s+\d+\s+R)\b/.exec(dictionary)?.[1]
  // A length elsewhere in the file is not looked up: the bytes end before the end of line that stands before `endstream`.
  const bytes = pdf.subarray(
    body,
    length === undefined ? beforeEndOfLine(pdf, end) : Math.min(body + Number(length), end),
  )
  const [, filter] = /\/Filter\s*\[?\s*\/(\w+)\s*\]?\s*(?=[/>])/.exec(dictionary) ?? []
  if (filter === undefined) {
    if (/\/Filter\b/.test(dictionary)) return 'unreadable'
    return bytes.length > MAX_CREDENTIAL ? 'too-large' : Uint8Array.from(bytes)
  }
  if (filter !== 'FlateDecode' || /\/DecodeParms\b/.test(dictionary)) return 'unreadable'
  return inflate(bytes)
}

const beforeEndOfLine = (pdf: Uint8Array, end: number): number => {
  if (pdf[end - 1] !== 0x0a) return pdf[end - 1] === 0x0d ? end - 1 : end
  return pdf[end - 2] === 0x0d ? end - 2 : end - 1
}

/** Unpacks piece by piece, and stops when there is too much: a kilobyte may unpack to a megabyte. */
function inflate(packed: Uint8Array): Uint8Array | 'too-large' | 'unreadable' {
  const parts: Uint8Array[] = []
  let length = 0
  let isDone = false
  const unpack = new Unzlib((part, final) => {
    length += part.length
    if (length <= MAX_CREDENTIAL) parts.push(part)
    isDone = final
  })
  try {
    for (let at = 0; at < packed.length && length <= MAX_CREDENTIAL; at += 1024)
      unpack.push(packed.subarray(at, at + 1024), at + 1024 >= packed.length)
  } catch {
    return 'unreadable'
  }
  if (length > MAX_CREDENTIAL) return 'too-large'
  if (!isDone) return 'unreadable'
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** JSON that says that it is a verifiable credential or an assertion, or a compact JWS: other files may be attached as well. */
function isCredential(content: Uint8Array): boolean {
  const text = new TextDecoder().decode(content).trim()
  if (/^[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*$/.test(text)) return true
  return text.startsWith('{') && /"(?:VerifiableCredential|Assertion)"/.test(text)
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at])

const startsAt = (bytes: Uint8Array, text: string, at: number): boolean => {
  for (let place = 0; place < text.length; place++)
    if (bytes[at + place] !== text.charCodeAt(place)) return false
  return true
}

function find(bytes: Uint8Array, text: string, from: number): number {
  const first = text.charCodeAt(0)
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (startsAt(bytes, text, at)) return at
  return -1
}

const latin1 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

const no = (reason: string): Unbaked => ({ ok: false, reason })
