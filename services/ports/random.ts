/** Chance, handed in. Cryptographically strong. */
export interface Random {
  bytes(length: number): Uint8Array
  /** A UUID that tells nothing (version 4), for what strangers see. */
  uuid(): string
  /** A UUID that sorts by time (version 7), for rows. */
  rowId(): string
  /** A whole number from 0 up to and without `below`, evenly spread. */
  integer(below: number): number
}
