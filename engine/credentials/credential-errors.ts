import { defineError } from '#engine/errors/define-error.ts'

export const credentialErrors = {
  credentialUnfit: defineError<{ faults: readonly { readonly path: string; readonly message: string }[] }>(
    'credential-unfit',
    422,
    false,
    'The credential would break the Open Badges 3.0 schema or a JSON-LD context; nothing was signed. Mend the faults.',
    ({ faults }) =>
      `The credential is not fit to be signed: ${faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ')}.`,
  ),
  signingFailed: defineError<{ verificationMethod: string }>(
    'signing-failed',
    500,
    true,
    'The signing library refused or the key does not fit its verification method. Nothing was stored; look at the log.',
    ({ verificationMethod }) => `The credential could not be signed with ${verificationMethod}.`,
  ),
  suiteNotForKey: defineError<{ cryptosuite: string; curve: string }>(
    'suite-not-for-key',
    422,
    false,
    'A cryptosuite takes keys on certain curves: eddsa-* on Ed25519, ecdsa-* on P-256. Leave the suite out, or name one for the key.',
    ({ cryptosuite, curve }) => `The key is on ${curve}, and ${cryptosuite} takes no such keys.`,
  ),
  previousProofMissing: defineError<{ previousProof: readonly string[] }>(
    'previous-proof-missing',
    422,
    false,
    'A proof builds on others by their ids: each must be that of exactly one proof in the document. Nothing was signed.',
    ({ previousProof }) =>
      `The document does not have one proof each with the ids ${previousProof.map((id) => `"${id}"`).join(', ')}.`,
  ),
  noBaseProof: defineError(
    'no-base-proof',
    422,
    false,
    'A disclosure is derived from a document with one `ecdsa-sd-2023` base proof, as its issuer handed it out. One that was derived already, or signed otherwise, shows all or nothing.',
    () => 'The document does not have one ecdsa-sd-2023 base proof to derive a disclosure from.',
  ),
  badgeNotDisclosable: defineError(
    'badge-not-disclosable',
    409,
    false,
    'Parts of a badge can be shown where its achievement says so (`selectiveDisclosure`), and this version does not. Share the whole badge, or leave something out of its page (`omits`), which then cannot be verified.',
    () => 'The issuer does not let earners show parts of this badge.',
  ),
  disclosurePartUnknown: defineError<{ unknown: readonly string[]; possible: readonly string[] }>(
    'disclosure-part-unknown',
    422,
    false,
    'Name parts by their ids, as GET /v1/credentials/{id}/disclosure-parts tells them. What a badge does not have cannot be shown.',
    ({ unknown, possible }) =>
      `The badge has no part ${unknown.map((part) => `"${part}"`).join(', ')}; it has ${possible.join(', ') || 'none to choose from'}.`,
  ),
  pointersUnmatched: defineError<{ pointers: readonly string[] }>(
    'pointers-unmatched',
    422,
    false,
    'JSON pointers (RFC 6901) say what is shown: each must lead to something in the document, as `/credentialSubject/achievement/name` does, and together with the mandatory ones there must be at least one.',
    ({ pointers }) =>
      `Not every JSON pointer leads to something in the document: ${pointers.map((pointer) => `"${pointer}"`).join(', ') || 'there is none'}.`,
  ),
  imageUnfit: defineError<{ reason: string }>(
    'image-unfit',
    422,
    false,
    'A picture is uploaded as a well-formed PNG, JPEG or SVG, and a badge is baked into a well-formed PNG or SVG only. Send another image.',
    ({ reason }) => `This image cannot be used: ${reason}.`,
  ),
  endInPast: defineError<{ expiresAt: string }>(
    'end-in-past',
    422,
    false,
    'A link ends in the future. Send a later `expiresAt`, or leave it out for a link that lasts until it is revoked.',
    ({ expiresAt }) => `${expiresAt} is past: a link ends in the future.`,
  ),
  badgesNotShared: defineError<{ badges: readonly string[] }>(
    'badges-not-shared',
    409,
    false,
    'Others see this collection, and `badges` names private ones in it. Nothing was changed. Send `shareBadges: true` to show these in it, leave them out, or make the collection private.',
    ({ badges }) =>
      `${badges.length === 1 ? 'A badge' : `${badges.length} badges`} of this collection would be seen by others and ${badges.length === 1 ? 'is' : 'are'} private.`,
  ),
  tooManyShareLinks: defineError<{ most: number }>(
    'too-many-share-links',
    409,
    false,
    'A badge has so many open share links and no more. End one first, or give links an end.',
    ({ most }) => `This badge has ${most} open share links already.`,
  ),
  tooManyCollections: defineError<{ most: number }>(
    'too-many-collections',
    409,
    false,
    'An account holds so many collections and no more. Remove one first.',
    ({ most }) => `You have ${most} collections already.`,
  ),
  notABadge: defineError<{ reason: string }>(
    'not-a-badge',
    422,
    false,
    'What was sent can be read, and is no Open Badge 3.0: another document, another kind of credential, or an endorsement. Nothing was kept.',
    ({ reason }) => `This is no badge: ${reason}`,
  ),
  badgeImported: defineError<{ id: string }>(
    'badge-imported',
    409,
    false,
    'The same document is in the backpack already: see `id`. Check that again, or remove it first.',
    () => 'This badge is in your backpack already.',
  ),
  tooManyImported: defineError<{ most: number }>(
    'too-many-imported',
    409,
    false,
    'An account keeps so many badges from elsewhere and no more. Remove one first.',
    ({ most }) => `You keep ${most} badges from elsewhere already.`,
  ),
  compromiseInFuture: defineError<{ now: string }>(
    'compromise-in-future',
    422,
    false,
    'A key is in wrong hands since some moment until now. Give that moment as `since`; to end a key from now on, rotate it.',
    ({ now }) => `The moment is yet to come: it is ${now} now.`,
  ),
  badgeNotVisible: defineError(
    'badge-not-visible',
    409,
    false,
    'The badge is private: whoever followed the address would see nothing. Make it public, or send the token of a share link of it as `share`.',
    () => 'This badge is private. Share it first.',
  ),
} as const
