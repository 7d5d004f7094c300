import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { BADGE_KEYWORD, readPngChunks, readTextChunk, textChunk, writePng } from './png-chunks.ts'

/**
 * Puts a credential (JSON text or compact JWS) into a PNG as one uncompressed iTXt chunk, right after the header.
 * A badge that is in there already is replaced. Throws `image-unfit`.
 */
export function bakePng(png: Uint8Array, credential: string): Uint8Array {
  const chunks = readPngChunks(png)
  const [header, ...rest] = chunks ?? []
  if (header === undefined) throw credentialErrors.imageUnfit({ reason: 'it is no whole PNG' })
  const others = rest.filter(
    (chunk) => chunk.type !== 'iTXt' || readTextChunk(chunk)?.keyword !== BADGE_KEYWORD,
  )
  return writePng([header.bytes, textChunk(BADGE_KEYWORD, credential), ...others.map(({ bytes }) => bytes)])
}
