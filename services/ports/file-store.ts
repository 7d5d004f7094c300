/** Content-addressed files: a name is the SHA-256 of what it names. */
export interface FileStore {
  /** Keeps bytes; keeping the same again changes nothing. */
  put(file: {
    readonly sha256: Uint8Array
    readonly bytes: Uint8Array
    readonly mediaType: string
  }): Promise<void>
  get(sha256: Uint8Array): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined>
}
