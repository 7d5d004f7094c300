import type { Instant } from '#engine/shared/instant.ts'
import type { Issuing } from './credential-suite.ts'
import type { SigningKey } from './key-store.ts'

/** What came of one document of many: as `issue` of the suite has it, with what it throws as a value. */
export type OneIssuing = Issuing | { readonly ok: false; readonly error: unknown }

/**
 * `issue` of the suite for many documents (written as JCS) with one key, in their order. One that cannot be signed is an answer and
 * harms no other; it never throws. A few are signed where the caller runs, many in threads beside it.
 */
export type IssueMany = (
  documents: readonly Uint8Array[],
  key: SigningKey,
  created: Instant,
) => Promise<readonly OneIssuing[]>
