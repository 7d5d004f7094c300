import type { Json } from '#engine/shared/json.ts'

/** A scheme, a colon and something after it, without what RFC 3986 lets stand nowhere; letters beyond ASCII are fine. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`]+$/i

/** Whether a value is one absolute URL, as every identifier must be (VC Data Model 2.0, section 4.4): `did:`, `urn:` and `https:` alike. */
export const isAbsoluteUrl = (value: Json | undefined): value is string =>
  typeof value === 'string' && ABSOLUTE.test(value) && !hasControl(value)

/** Spaces are refused by the pattern, other control characters here. */
function hasControl(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}
