/**
 * Arrays as PostgreSQL sends and takes them in its binary format (`array_recv`): no quoting, no hexadecimal, and
 * nothing to parse on the other side. As text, the bytes of a batch of events would cost more than storing them.
 */
const HEADER_BYTES = 20

const UUID = { oid: 2950, bytes: 16 }
const TEXT = { oid: 25 }
const BYTEA = { oid: 17 }
const JSONB = { oid: 3802 }
const TIMESTAMPTZ = { oid: 1184, bytes: 8 }

/** The only version of jsonb's binary format there is: text, after this byte. */
const JSONB_VERSION = 1
/** Where PostgreSQL begins to count microseconds: 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH_MS = 946_684_800_000

export const uuidArray = (ids: readonly (string | undefined)[]): Buffer =>
  arrayOf(
    UUID.oid,
    ids,
    () => UUID.bytes,
    (into, at, id) => into.write(id.replaceAll('-', ''), at, 'hex'),
  )

export const textArray = (texts: readonly (string | undefined)[]): Buffer =>
  arrayOf(TEXT.oid, texts, Buffer.byteLength, (into, at, text) => into.write(text, at))

export const byteaArray = (values: readonly Uint8Array[]): Buffer =>
  arrayOf(
    BYTEA.oid,
    values,
    ({ length }) => length,
    (into, at, bytes) => into.set(bytes, at),
  )

/** Takes the JSON texts. */
export const jsonbArray = (texts: readonly string[]): Buffer =>
  arrayOf(
    JSONB.oid,
    texts,
    (text) => 1 + Buffer.byteLength(text),
    (into, at, text) => into.write(text, into.writeUInt8(JSONB_VERSION, at)),
  )

/** Takes milliseconds since 1970. */
export const timestamptzArray = (times: readonly number[]): Buffer =>
  arrayOf(
    TIMESTAMPTZ.oid,
    times,
    () => TIMESTAMPTZ.bytes,
    (into, at, time) => into.writeBigInt64BE(BigInt(time - POSTGRES_EPOCH_MS) * 1000n, at),
  )

/** One dimension, from index 1: its header, and then each value behind its length; -1 stands for NULL. */
function arrayOf<T>(
  oid: number,
  values: readonly (T | undefined)[],
  bytesOf: (value: T) => number,
  write: (into: Buffer, at: number, value: T) => unknown,
): Buffer {
  const lengths = values.map((value) => (value === undefined ? -1 : bytesOf(value)))
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES)
  const into = Buffer.allocUnsafe(size)
  let at = into.writeInt32BE(1, 0)
  at = into.writeInt32BE(lengths.includes(-1) ? 1 : 0, at)
  at = into.writeInt32BE(oid, at)
  at = into.writeInt32BE(values.length, at)
  at = into.writeInt32BE(1, at)
  values.forEach((value, index) => {
    const length = lengths[index] ?? -1
    at = into.writeInt32BE(length, at)
    if (value === undefined) return
    write(into, at, value)
    at += length
  })
  return into
}
