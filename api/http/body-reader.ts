import type { IncomingMessage } from 'node:http'
import { errors } from '#engine/errors/catalogue.ts'
import type { Json } from '#engine/shared/json.ts'
import { type JsonFault, parseStrictJson } from '#engine/shared/strict-json.ts'
import type { BodyLimit } from './http-limits.ts'
import { type BodyKind, isJsonKind, kindOfMediaType, mediaTypes } from './media-types.ts'

/** A body as it came, next to what the strict parser made of it. */
export interface ReadBody {
  readonly kind: BodyKind
  /** In lower case, without parameters. */
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** Undefined for the kinds that are not JSON. */
  readonly json: Json | undefined
}

/** A body that its route reads as it comes in. */
export interface StreamedBody {
  readonly kind: BodyKind
  readonly mediaType: string
  /** Once. Ends with body-too-large or request-incomplete where it is or was cut off. */
  readonly chunks: AsyncIterable<Uint8Array>
}

const TOO_COMPLEX: ReadonlySet<JsonFault> = new Set<JsonFault>([
  'too-deep',
  'too-many-nodes',
  'too-many-keys',
])

/**
 * Reads a body whole, and stops reading at the limit: cost is bounded by `limit.maxBytes` whatever is sent.
 * Compressed bodies are refused, so there is nothing that could swell.
 * Undefined when the request has no body. Refuses with unsupported-media-type, unsupported-content-encoding,
 * body-too-large, malformed-json, json-too-complex, document-too-large.
 */
export async function readBody(
  request: IncomingMessage,
  kinds: readonly BodyKind[],
  limit: BodyLimit,
): Promise<ReadBody | undefined> {
  const described = describeBody(request, kinds)
  if (described === undefined) return undefined
  const { kind, mediaType } = described
  const bytes = await readBytes(request, limit.maxBytes)
  // A chunked body may turn out to be empty.
  if (bytes.length === 0 && !isJsonKind(kind)) return undefined
  return { kind, mediaType, bytes, json: isJsonKind(kind) ? parseJson(bytes, limit) : undefined }
}

/** Hands a body over as it comes in. Refuses as `readBody` does, what is too large while it is read. */
export function streamBody(
  request: IncomingMessage,
  kinds: readonly BodyKind[],
  { maxBytes }: BodyLimit,
): StreamedBody | undefined {
  const described = describeBody(request, kinds)
  if (described === undefined) return undefined
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw errors.bodyTooLarge({ maxBytes })
  return { ...described, chunks: chunksOf(request, maxBytes) }
}

async function* chunksOf(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0
  try {
    // Who stops reading still has something to answer: the connection stays open for it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > maxBytes) throw errors.bodyTooLarge({ maxBytes })
      yield chunk
    }
  } catch (error) {
    throw request.readableAborted ? errors.requestIncomplete({}, error) : error
  }
}

/** Undefined: there is none. */
function describeBody(
  { headers }: IncomingMessage,
  kinds: readonly BodyKind[],
): { readonly kind: BodyKind; readonly mediaType: string } | undefined {
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0)
    return undefined
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity') throw errors.unsupportedContentEncoding({})
  const { mediaType, charset } = parseContentType(headers['content-type'] ?? '')
  const kind = kindOfMediaType(mediaType)
  if (kind === undefined || !kinds.includes(kind) || (charset !== undefined && charset !== 'utf-8'))
    throw errors.unsupportedMediaType({ accepted: kinds.flatMap((each) => mediaTypes[each]) })
  return { kind, mediaType }
}

function parseJson(bytes: Uint8Array, limit: BodyLimit): Json {
  const parsed = parseStrictJson(bytes, limit)
  if (parsed.ok) return parsed.value
  const { code, position, detail } = parsed
  if (code === 'too-large') throw errors.bodyTooLarge({ maxBytes: limit.maxBytes })
  if (TOO_COMPLEX.has(code) && limit.isOfDocuments === true)
    throw errors.documentTooLarge({ limit: detail.replace(/^more than /, '') })
  if (TOO_COMPLEX.has(code)) throw errors.jsonTooComplex({ reason: code, position, detail })
  throw errors.malformedJson({ reason: code, position, detail })
}

function parseContentType(header: string): { mediaType: string; charset: string | undefined } {
  const [mediaType = '', ...parameters] = header.split(';')
  const charset = parameters
    .map((each) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(each)?.[1])
    .find(Boolean)
  return { mediaType: mediaType.trim().toLowerCase(), charset: charset?.toLowerCase() }
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw errors.bodyTooLarge({ maxBytes })
  return new Promise((resolve, reject) => {
    // Whoever went away while we asked who they are sends no more events.
    if (request.destroyed) return reject(errors.requestIncomplete({}))
    const chunks: Uint8Array[] = []
    let length = 0
    const settle = (end: () => void) => {
      request.off('data', onData)
      request.off('end', onEnd)
      request.off('error', onBroken)
      request.off('close', onBroken)
      end()
    }
    const onData = (chunk: Uint8Array) => {
      length += chunk.length
      if (length > maxBytes) settle(() => reject(errors.bodyTooLarge({ maxBytes })))
      else chunks.push(chunk)
    }
    const onEnd = () => settle(() => resolve(new Uint8Array(Buffer.concat(chunks))))
    const onBroken = () => settle(() => reject(errors.requestIncomplete({})))
    request.on('data', onData)
    request.on('end', onEnd)
    request.on('error', onBroken)
    request.on('close', onBroken)
  })
}
