/** Mutants that change nothing that anybody could see, by name, with the reason. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'AccountSignature.sol isOf: constant: 0 → 0 + 1':
    'Asks a contract of one byte, which cannot answer 32 of them.',
  'AttestedAward.sol attest: left out: return awarded':
    'Writes the word that stands: for some gas, nothing else.',
  'BadgeAnchor.sol grantKey: boundary: validFrom < block.timestamp → validFrom <= block.timestamp':
    'Of two times that are the same, it takes the other.',
  'BadgeAnchor.sol _anchorSigned: left out: return Outcome.ANCHORED':
    'ANCHORED is the first of its kind, which is what a function returns that returns nothing.',
  'BatchWord.sol leavesIn: boundary: size_ <= first → size_ < first':
    'With no leaf in the word, (1 << 0) - 1 is 0 as well.',
  'InclusionProof.sol hashNode: constant: 0x40 → 0x40 + 1':
    'Writes its scratch 256 times further, to where nothing stands either: for gas, which the bench of gas holds.',
}
