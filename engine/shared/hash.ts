/** A hash function from bytes to bytes. The engine is handed one; it brings none. */
export type Hash = (bytes: Uint8Array) => Uint8Array
