/**
 * Documents on which we say something else than the corpus on purpose, beside those that it marks itself. Each would need
 * a check of a specification to be left out; docs/conformance.md explains them one by one. A document that we come to
 * agree on must leave this list: the run fails on an entry that is not needed.
 */
export const OWN_POLICIES: ReadonlyMap<string, string> = new Map([
  [
    'valid/1edtech-simple-jwt_v1.png',
    'its token brings its own key, which its issuer does not publish: RFC 7515, section 10.3, asks for the origin of a key to be authenticated, as else anybody can make such a token in any name',
  ],
  [
    'valid/jose-presentation-jose-multiple.txt',
    'its exp was in December 2024, a day after it was made, and after that it must not be accepted (RFC 7519, section 4.1.4); the corpus names no time to look at it. Beside a JWT it holds an SD-JWT and a COSE message, which are not read here',
  ],
  [
    'valid/verifier-core-v2WithValidStatus.json',
    'its status list was copied to another address than its id: it is signed for testing.dcconsortium.org and served by GitHub. Without a look at the id, whoever serves lists could let another list of the same issuer stand in for the one in which a badge is revoked',
  ],
])

/**
 * Documents that were to be refused and that cannot be checked here, each of which was looked at: their lists are nowhere to be
 * fetched or out of date, or their issuer's keys are. Another one would mean that something broke.
 */
export const KNOWN_UNDECIDED: ReadonlySet<string> = new Set([
  'invalid/1edtech-bit-string-list-credential-status-revoked-blank-nodes.json',
  'invalid/1edtech-credential-status-revoked.json',
  'invalid/dcc-v2-ed25519-didKey-legacy-expiredStatus-noExpiry.json',
  'invalid/dcc-v2-ed25519-didKey-legacy-notYetValidStatus-noExpiry.json',
  'invalid/dcc-v2-ed25519-didWeb-badDidWeb.json',
  'invalid/verifier-core-v2DoubleSigWithBadStatusUrl.json',
])
