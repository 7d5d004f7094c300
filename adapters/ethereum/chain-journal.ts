/**
 * The file that the embedded chain lives by: one line an entry, `LENGTH CRC32 JSON\n`, the first of them a header.
 * A line is appended and synced before anybody hears of its transaction. When the process dies in the middle of a line,
 * what is left of it is cut off at the next start: nobody had heard of it. Damage before the last line is something
 * else, and is refused.
 */
import { type FileHandle, mkdir, open, readFile, rename, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'

export const JOURNAL_FORMAT = 'waarmerk-chain-journal/1'

export interface JournalHeader {
  readonly format: typeof JOURNAL_FORMAT
  readonly chainId: number
  /** Time of block 0, in seconds since 1970. */
  readonly genesis: number
}

/** One transaction, which is one block. */
export interface JournalEntry {
  /** Time of its block, in seconds since 1970. */
  readonly time: number
  readonly raw: Hex
  readonly block: number
  readonly succeeded: boolean
}

export interface ChainJournal {
  readonly header: JournalHeader
  readonly entries: readonly JournalEntry[]
  /** Returns when the entry is on disk. Throws `chain-journal-unwritable`; nothing may be appended after that. */
  append(entry: JournalEntry): Promise<void>
  close(): Promise<void>
}

/** Opens the journal in a folder, or starts one with this header. Throws `chain-journal-damaged`, `chain-journal-unwritable`. */
export async function openJournal(directory: string, fresh: JournalHeader): Promise<ChainJournal> {
  const file = join(directory, 'chain.journal')
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const held = await readFile(file).catch(absent)
    if (held === undefined) await create(file, fresh)
    const content = held ?? (await readFile(file))
    const { payloads, wholeBytes } = readLines(content, file)
    if (wholeBytes < content.length) await truncate(file, wholeBytes)
    const [header, ...entries] = payloads
    const read = {
      header: parseHeader(header, file, fresh.chainId),
      entries: entries.map((entry, at) => parseEntry(entry, file, at + 1)),
    }
    const handle = await open(file, 'a')
    return {
      ...read,
      append: appender(handle, file, wholeBytes),
      close: () => handle.close(),
    }
  } catch (error) {
    throw unwritable(error, file)
  }
}

/** What one line holds. */
export function encodeLine(value: JournalHeader | JournalEntry): Buffer {
  const payload = Buffer.from(JSON.stringify(value))
  return Buffer.concat([Buffer.from(`${payload.length} ${checksum(payload)} `), payload, Buffer.from('\n')])
}

/** The payloads of the whole lines, and how many bytes these take. What follows them is the torn end. */
export function readLines(content: Uint8Array, file: string): { payloads: unknown[]; wholeBytes: number } {
  const payloads: unknown[] = []
  let from = 0
  while (from < content.length) {
    const end = content.indexOf(0x0a, from)
    const payload = end === -1 ? undefined : decodeLine(content.subarray(from, end))
    if (payload === undefined) {
      if (hasWholeLineAfter(content, end)) {
        const reason = 'its length or checksum is wrong, and whole entries follow it'
        throw anchoringErrors.journalDamaged({ file, entry: payloads.length, reason })
      }
      break
    }
    payloads.push(payload)
    from = end + 1
  }
  return { payloads, wholeBytes: from }
}

function decodeLine(line: Uint8Array): unknown {
  const text = Buffer.from(line).toString('latin1')
  const [, length, sum] = /^(\d{1,8}) ([0-9a-f]{8}) /.exec(text) ?? []
  if (length === undefined || sum === undefined) return undefined
  const payload = line.subarray(length.length + sum.length + 2)
  if (payload.length !== Number(length) || checksum(payload) !== sum) return undefined
  return JSON.parse(Buffer.from(payload).toString('utf8'))
}

function hasWholeLineAfter(content: Uint8Array, end: number): boolean {
  for (let from = end + 1; end !== -1 && from < content.length; ) {
    const next = content.indexOf(0x0a, from)
    if (next === -1) return false
    if (decodeLine(content.subarray(from, next)) !== undefined) return true
    from = next + 1
  }
  return false
}

/** Written aside and renamed, so that a journal either has its header or is not there. */
async function create(file: string, header: JournalHeader): Promise<void> {
  const aside = await open(`${file}.new`, 'w', 0o600)
  await aside.writeFile(encodeLine(header))
  await aside.sync()
  await aside.close()
  await rename(`${file}.new`, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync()
  await folder.close()
}

function appender(handle: FileHandle, file: string, size: number): ChainJournal['append'] {
  let expected = size
  let broken = false
  return async (entry) => {
    try {
      if (broken) throw new Error('an earlier write failed')
      broken = true
      const line = encodeLine(entry)
      // Two processes on one journal would each hold half of a chain.
      if ((await handle.stat()).size !== expected) throw new Error('another process writes to it')
      await handle.appendFile(line)
      await handle.datasync()
      expected += line.length
      broken = false
    } catch (error) {
      throw unwritable(error, file)
    }
  }
}

function parseHeader(value: unknown, file: string, chainId: number): JournalHeader {
  const header = value as Partial<JournalHeader> | undefined
  const reason =
    header?.format !== JOURNAL_FORMAT
      ? 'it is not a journal of this format'
      : header.chainId !== chainId
        ? `it is of chain ${header.chainId}, not of ${chainId}`
        : undefined
  if (reason !== undefined) throw anchoringErrors.journalDamaged({ file, entry: 0, reason })
  return header as JournalHeader
}

function parseEntry(value: unknown, file: string, entry: number): JournalEntry {
  const read = value as Partial<JournalEntry> | null
  const isRight =
    typeof read?.raw === 'string' &&
    Number.isSafeInteger(read.time) &&
    read.block === entry &&
    typeof read.succeeded === 'boolean'
  if (!isRight) throw anchoringErrors.journalDamaged({ file, entry, reason: 'it is out of place' })
  return read as JournalEntry
}

function unwritable(error: unknown, file: string): unknown {
  if (error instanceof Error && 'retry' in error) return error
  return anchoringErrors.journalUnwritable(
    { file, reason: error instanceof Error ? error.message : String(error) },
    error,
  )
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

const checksum = (payload: Uint8Array): string => crc32(payload).toString(16).padStart(8, '0')
