import { type DestinationStream, pino } from 'pino'
import type { Log } from '#services/ports/log.ts'

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * One JSON object a line on stdout: `{"level":"info","time":"…","event":"batch.sealed", …fields}`.
 * Fields that are known to hold secrets or persons are blotted out, should one get here all the same.
 */
export function createPinoLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const logger = destination === undefined ? pino(options) : pino(options, destination)
  return {
    debug: (event, fields = {}) => logger.debug(clean(fields), event),
    info: (event, fields = {}) => logger.info(clean(fields), event),
    warn: (event, fields = {}) => logger.warn(clean(fields), event),
    error: (event, fields = {}) => logger.error(clean(fields), event),
  }
}

const SECRET =
  /pass(?:word|phrase)|secret|token|cookie|authorization|private|mnemonic|seed|salt|api_?key|master_?key|relayer_?key|session|e-?mail|recipient|^to$|^name$|^subject$|^document$|^credential$|^body$/i
const DEEPEST = 5
const BLOTTED = '[redacted]'

/** Copies the fields without secrets. Errors become code, message and stack; what is nested too deep is cut. */
function clean(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    cleaned[key] = SECRET.test(key) ? BLOTTED : cleanValue(value, depth)
  }
  return cleaned
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutUserinfo(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return cleanError(value, depth)
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (depth >= DEEPEST) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => cleanValue(item, depth + 1))
  return clean(value as Record<string, unknown>, depth + 1)
}

function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    message: withoutUserinfo(error.message),
    stack: withoutUserinfo(error.stack ?? ''),
    ...(error.cause !== undefined && depth < DEEPEST && { cause: cleanValue(error.cause, depth + 1) }),
  }
}

/** A connection string keeps its host and loses its user and password. */
const withoutUserinfo = (text: string): string => text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1')
