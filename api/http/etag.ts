import { createHash } from 'node:crypto'
import { errors } from '#engine/errors/catalogue.ts'

/** The ETag of a thing that counts its versions: `"v3"`. */
export const versionTag = (version: number): string => `"v${version}"`

/**
 * The version that the caller has seen. One strong tag of ours; `*` says nothing about what was seen.
 * Refuses with precondition-required (no header) and precondition-failed (anything that is no tag of ours).
 */
export function expectedVersion(ifMatch: string | undefined): number {
  if (ifMatch === undefined) throw errors.preconditionRequired({})
  const found = /^"v(\d{1,15})"$/.exec(ifMatch.trim())
  if (found === null) throw errors.preconditionFailed({})
  return Number(found[1])
}

/** Strong tag of the bytes themselves. */
export const contentTag = (bytes: Uint8Array): string =>
  `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`

/** Whether the caller holds it already (`If-None-Match`, compared weakly as RFC 9110 says). */
export function isHeld(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag)
}
