/** A document that somebody might send to hurt us or to deceive a reader, and how it must be answered. */
export interface HostileDocument {
  readonly name: string
  readonly bytes: () => Promise<Uint8Array>
  /**
   * `document-unreadable` and `document-too-large` before any check, or codes of failed and unknown checks, one of which must
   * stand in the report. Never a valid badge.
   */
  readonly refused: readonly string[]
  /** Its proof holds, so that what it names may be asked for. In all other cases nothing may be fetched. */
  readonly isProved?: true
}
