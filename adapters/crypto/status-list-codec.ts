import { fromBase64Url, toBase64Url } from './multibase.ts'

/** Largest bitstring that is unpacked: 16 million entries. Less than that of zip bombs. */
const MAX_BYTES = 2 * 1024 * 1024

/** Packs a bitstring: gzip, base64url, `u` (Bitstring Status List v1.0, section 3.3). Pads nothing. */
export async function encodeStatusList(bits: Uint8Array): Promise<string> {
  const packed = await collect(
    new Blob([bits as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip')),
  )
  return `u${toBase64Url(packed ?? new Uint8Array())}`
}

/** Unpacks a bitstring; undefined when it is malformed or larger than 2 MB. */
export async function decodeStatusList(encodedList: string): Promise<Uint8Array | undefined> {
  const packed = encodedList.startsWith('u')
    ? fromBase64Url(encodedList.slice(1).replace(/=+$/, ''))
    : undefined
  if (packed === undefined) return undefined
  try {
    return await collect(
      new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip')),
    )
  } catch {
    return undefined
  }
}

/** Reads a stream to its end; undefined, and no more read, once it is over the bound. */
async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > MAX_BYTES) {
      await reader.cancel()
      return undefined
    }
    parts.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
