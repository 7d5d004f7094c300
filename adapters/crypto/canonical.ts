import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'

/** What came of canonicalising a document. */
export type Canonical =
  | {
      readonly ok: true
      readonly quads: string
      /** Of N-Quads: how each of their blank nodes (`b0`) is labelled now (`c14n0`). */
      readonly labels?: ReadonlyMap<string, string>
    }
  | { readonly ok: false; readonly fault: CredentialFault }

/** What was given up: nobody knows whether it would have been canonicalised. */
export const gaveUp = (why: string): Canonical => ({
  ok: false,
  fault: { code: 'canonicalisation-too-slow', path: '', message: why },
})

/** A long id that is said once, and meant by each of a thousand members, comes to a thousand times its length. */
const MOST_CHARACTERS = 4 * 1024 * 1024

export const canonicalised = (quads: string): Canonical =>
  quads.length > MOST_CHARACTERS
    ? gaveUp(`comes to more than ${MOST_CHARACTERS} characters of N-Quads`)
    : { ok: true, quads }
