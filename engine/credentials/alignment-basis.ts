/** What the claim of a level rests on. A level without it says less than it seems to, so none is issued without. */
export const ALIGNMENT_BASES = ['self-assessed', 'quality-assured', 'classified'] as const
export type AlignmentBasis = (typeof ALIGNMENT_BASES)[number]

/** Levels of qualification frameworks: European and Dutch. */
export const needsBasis = (targetType: string | undefined): boolean =>
  targetType !== undefined && /^ext:(?:EQF|NLQF)(?:Level)?$/.test(targetType)

/**
 * The basis in words, for the description of the alignment: Open Badges 3.0 has no member for it, and a member that no
 * context defines makes a credential invalid. In Dutch where the badge is in Dutch, else in English.
 */
export const basisInWords = (basis: AlignmentBasis, language: string | undefined): string =>
  language?.split('-')[0] === 'nl' ? DUTCH[basis] : ENGLISH[basis]

const ENGLISH: Readonly<Record<AlignmentBasis, string>> = {
  'self-assessed': 'Basis: the issuer determined the level itself.',
  'quality-assured': 'Basis: the level was confirmed by external quality assurance.',
  classified: 'Basis: the level was classified by the national authority.',
}
const DUTCH: Readonly<Record<AlignmentBasis, string>> = {
  'self-assessed': 'Grondslag: de uitgever heeft het niveau zelf bepaald.',
  'quality-assured': 'Grondslag: het niveau is bevestigd door externe kwaliteitsborging.',
  classified: 'Grondslag: het niveau is ingeschaald door de nationale autoriteit.',
}
