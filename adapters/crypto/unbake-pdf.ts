import { Unzlib } from 'fflate'
import type { Unbaked } from '#services/ports/badge-images.ts'

/** Largest credential that is taken out, and how many objects and attached files are looked at. */
const MAX_CREDENTIAL = 1024 * 1024
const MAX_OBJECTS = 5000
const MAX_FILES = 64
/** Longest dictionary before a stream that is read. */
const MAX_DICTIONARY = 64 * 1024
/** How much there may be outside of streams. */
const MAX_OUTSIDE = 1024 * 1024
/** How much of packed objects is unpacked, of all together: a certificate has some kilobytes. */
const MAX_PACKED_OBJECTS = 4 * 1024 * 1024

export const isPdf = (bytes: Uint8Array): boolean => startsAt(bytes, '%PDF-', 0)

/**
 * Takes the credential out of a PDF (ISO 32000) that has it as an attached file, as our certificates do. It does not follow the tables of
 * the file: it looks at every attached file that there is, in one pass, so that another reader cannot find one that this does not. A file is
 * attached that says so of itself, or that a file specification names. Two credentials that differ are refused. What it does not read is
 * refused too: encryption, filters other than Flate, and descriptions that are long or ambiguous.
 */
export function unbakePdf(pdf: Uint8Array): Unbaked {
  const streams = streamsOf(pdf)
  if (typeof streams === 'string') return no(streams)
  const outside = outsideOf(pdf, streams)
  if (outside === undefined) return no('the PDF has too many parts')
  if (/\/Encrypt\b/.test(outside)) return no('the PDF is encrypted')
  const packed = packedObjects(pdf, streams)
  if (packed === undefined) return no('a part of the PDF is packed in a way that is not read')
  const named = filesNamed([outside, ...packed])
  if (named === undefined || !areUnambiguous(named, outside, streams))
    return no('the PDF names an attached file in a way that is not read')

  const files = streams.filter(
    ({ number, dictionary }) => named.has(number) || /\/Type\s*\/EmbeddedFile\b/.test(dictionary),
  )
  if (files.length > MAX_FILES) return no('the PDF has too many attached files')
  const found: Uint8Array[] = []
  for (const { dictionary, body, end } of files) {
    const content = contentOf(pdf, dictionary, body, end)
    if (content === 'too-large') return no('a file in the PDF is over 1 MB')
    if (content === 'unreadable') return no('a file in the PDF is packed in a way that is not read')
    if (isCredential(content) && !found.some((other) => isSame(other, content))) found.push(content)
  }
  const [credential] = found
  if (found.length > 1) return no('the PDF has more than one badge inside')
  return credential === undefined ? no('the PDF has no badge inside') : { ok: true, credential }
}

interface Stream {
  /** Of the object that it is. */
  readonly number: number
  readonly dictionary: string
  readonly body: number
  readonly end: number
}

/** Every stream, in order, or what is wrong. No byte is passed more than twice: before a stream is looked no further than the one before it. */
function streamsOf(pdf: Uint8Array): readonly Stream[] | string {
  const streams: Stream[] = []
  let floor = 0
  let words = 0
  for (let at = find(pdf, 'stream', 0); at >= 0; at = find(pdf, 'stream', at)) {
    words += 1
    if (words > MAX_OBJECTS) return 'the PDF has too many parts'
    const body = bodyAt(pdf, at + 'stream'.length)
    // A word that ends so, or the word in a text.
    if (body === undefined || /\w/.test(String.fromCharCode(pdf[at - 1] ?? 0))) {
      at += 'stream'.length
      continue
    }
    const described = dictionaryBefore(pdf, Math.max(floor, at - MAX_DICTIONARY), at)
    if (described === undefined) return 'a part of the PDF is described in a way that is not read'
    const end = endOf(pdf, described.dictionary, body)
    if (end < 0) return 'the PDF is torn'
    streams.push({ ...described, body, end })
    at = end + 'endstream'.length
    floor = at
  }
  return streams
}

/** Where a stream ends: by its length, as the word may stand in what it holds; else at the next such word. */
function endOf(pdf: Uint8Array, dictionary: string, body: number): number {
  const length = lengthIn(dictionary)
  if (length !== undefined) {
    const at = body + length
    const after = pdf[at] === 0x0d && pdf[at + 1] === 0x0a ? 2 : pdf[at] === 0x0a || pdf[at] === 0x0d ? 1 : 0
    if (startsAt(pdf, 'endstream', at + after)) return at + after
  }
  return find(pdf, 'endstream', body)
}

/** `/Length`, where it is a number; one that stands elsewhere in the file is not looked up. */
function lengthIn(dictionary: string): number | undefined {
  const length = /\/Length\s+(\d{1,9})(?!\s+\d+\s+R)\b/.exec(dictionary)?.[1]
  return length === undefined ? undefined : Number(length)
}

/** The text from `obj` to here, which must be a dictionary and nothing else. */
function dictionaryBefore(
  pdf: Uint8Array,
  from: number,
  to: number,
): { readonly number: number; readonly dictionary: string } | undefined {
  const text = latin1(pdf.subarray(from, to))
  const begin = Math.max(
    ...[' ', '\n', '\r', '\t', '\0', '\f'].map((space) => text.lastIndexOf(`${space}obj`)),
  )
  if (begin < 0) return undefined
  const number = /(\d{1,10})[\s\0]+\d{1,5}[\s\0]*$/.exec(text.slice(Math.max(0, begin - 32), begin))?.[1]
  // White space of whatever length is looked at once.
  const between = text
    .slice(begin + ' obj'.length)
    .replace(/[\s\0]+/g, ' ')
    .trim()
  if (number === undefined || !between.startsWith('<<') || !between.endsWith('>>')) return undefined
  // An `obj` in a string would leave a bracket that nothing opened.
  return isBalanced(between) ? { number: Number(number), dictionary: unescapeNames(between) } : undefined
}

function isBalanced(text: string): boolean {
  let depth = 0
  for (const [bracket] of text.matchAll(/\\[\s\S]|[()]/g)) {
    if (bracket === '(') depth += 1
    else if (bracket === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0
}

/** Everything but what is in streams; undefined where it is more than can be looked through at once. */
function outsideOf(pdf: Uint8Array, streams: readonly Stream[]): string | undefined {
  const inside = streams.reduce((sum, { body, end }) => sum + end - body, 0)
  if (pdf.length - inside > MAX_OUTSIDE) return undefined
  const starts = [0, ...streams.map(({ end }) => end)]
  const parts = starts.map((start, at) => latin1(pdf.subarray(start, streams[at]?.body ?? pdf.length)))
  return unescapeNames(parts.join(''))
}

/** The text of the streams that hold objects; undefined where one is too much, or packed otherwise. */
function packedObjects(pdf: Uint8Array, streams: readonly Stream[]): readonly string[] | undefined {
  const texts: string[] = []
  let length = 0
  for (const { dictionary, body, end } of streams) {
    if (!/\/ObjStm\b/.test(dictionary)) continue
    const content = contentOf(pdf, dictionary, body, end)
    if (typeof content === 'string') return undefined
    length += content.length
    if (length > MAX_PACKED_OBJECTS) return undefined
    texts.push(unescapeNames(latin1(content)))
  }
  return texts
}

/** The numbers of the objects that file specifications name; undefined where one names none in the way that all writers do. */
function filesNamed(texts: readonly string[]): ReadonlySet<number> | undefined {
  const numbers = new Set<number>()
  let count = 0
  for (const text of texts) {
    for (const { index } of text.matchAll(/\/EF(?![\w.-])/g)) {
      const named = /^\/EF\s*<<((?:\s*\/(?:F|UF|DOS|Mac|Unix)\s+\d{1,10}\s+\d{1,5}\s+R)+)\s*>>/.exec(
        text.slice(index, index + 512),
      )?.[1]
      count += 1
      if (named === undefined || count > MAX_FILES) return undefined
      for (const [, number] of named.matchAll(/(\d+)\s+\d+\s+R/g)) numbers.add(Number(number))
    }
  }
  return numbers
}

/** Whether each is the number of one stream, and of no second object: of two, readers take one or the other. */
function areUnambiguous(named: ReadonlySet<number>, outside: string, streams: readonly Stream[]): boolean {
  const objects: number[] = []
  for (const [, number] of outside.matchAll(/(?<!\d)(\d{1,10})[\s\0]+\d{1,5}[\s\0]*obj/g))
    if (named.has(Number(number))) objects.push(Number(number))
  const files = streams.map(({ number }) => number).filter((number) => named.has(number))
  return [objects, files].every((found) => found.length === named.size && new Set(found).size === named.size)
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
  const length = lengthIn(dictionary)
  // Without it the bytes end before the end of line that stands before `endstream`.
  const bytes = pdf.subarray(
    body,
    length === undefined ? beforeEndOfLine(pdf, end) : Math.min(body + length, end),
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

/** Of the bytes that markup is made of, each is its character. */
const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

const no = (reason: string): Unbaked => ({ ok: false, reason })
