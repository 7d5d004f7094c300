/** One file of an archive, whole. */
export interface ArchiveFile {
  /** With slashes between folders. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Packs files as they come: asks for the next one only when whatever was made of the last one has been taken, so that no
 * more than one of them is in memory.
 */
export type Archive = (files: AsyncIterable<ArchiveFile>) => AsyncIterable<Uint8Array>
