import type { BounceReport } from '#engine/notifications/bounce.ts'

/** Reads what a mail server sends back: a mail as bytes. Undefined where it is no report of RFC 3464, or tells in no way on which mail. */
export interface BounceReader {
  read(mail: Uint8Array): Promise<readonly BounceReport[] | undefined>
}
