import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { sha256 } from './hashes.ts'

/** SHA-256 of the UTF-8 of a text. */
export interface TextHash {
  bytes(text: string): Uint8Array
  /** In lower-case hexadecimal digits. */
  hex(text: string): string
}

/** The one that runs everywhere. */
export const portableTextHash: TextHash = {
  bytes: (text) => sha256(utf8(text)),
  hex: (text) => toHex(sha256(utf8(text))).slice(2),
}
