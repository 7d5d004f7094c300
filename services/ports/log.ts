/**
 * Structured log. `event` is a dotted name (`batch.sealed`); fields are ids and numbers:
 * never a name, an address, a token, a key or a document.
 */
export interface Log {
  debug(event: string, fields?: Record<string, unknown>): void
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}
