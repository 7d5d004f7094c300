/** How each statement of a report begins, and the key of our own words for it. */
const KNOWN: readonly (readonly [start: string, key: string])[] = [
  ['That the person who shows', 'person'],
  ['That what the issuer says', 'truth'],
  ['That whoever shows', 'address'],
  ['That whoever put the badge', 'host'],
  ['That the trust list', 'list'],
  ['That the did.json', 'keptDid'],
  ['That this is all that', 'parts'],
  ['When the document came to be', 'noAnchor'],
  ['When the badge was awarded', 'award'],
  ['What the chain has held since', 'since'],
  ['That the endpoint of the chain', 'endpoint'],
  ['That the time of the anchor', 'chain'],
  ['That this is the newest text: its issuer names', 'newest'],
  ['That this is the newest text: nobody asked', 'newestUnasked'],
  ['That the holder is somebody', 'holderKey'],
  ['That it was made for you', 'copy'],
  ['That the holder is the one', 'subject'],
]

/** The key of `notProved` in the texts; undefined for a statement that is shown as it comes, in English. */
export const notProvedKind = (statement: string): string | undefined =>
  KNOWN.find(([start]) => statement.startsWith(start))?.[1]
