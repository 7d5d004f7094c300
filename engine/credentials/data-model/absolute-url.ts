import type { Json } from '#engine/shared/json.ts'

/** A scheme, a colon and something after it, without what RFC 3986 lets stand nowhere; letters beyond ASCII are fine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are refused.
const ABSOLUTE = /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`\u0000-\u001f\u007f]+$/i

/** Whether a value is one absolute URL, as every identifier must be (VC Data Model 2.0, section 4.4): `did:`, `urn:` and `https:` alike. */
export const isAbsoluteUrl = (value: Json | undefined): value is string =>
  typeof value === 'string' && ABSOLUTE.test(value)
