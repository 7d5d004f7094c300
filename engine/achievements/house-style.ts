import type { LocalisedText } from '#engine/shared/localised-text.ts'

/** How the badge pictures of one organisation look. Colours are `#rrggbb`, lower case. */
export interface HouseStyle {
  readonly colours: {
    readonly primary: string
    readonly secondary: string
    /** Of the name of the badge, on `primary`. */
    readonly text: string
  }
  readonly shape: BadgeShape
  /** SHA-256 of a stored PNG, in hexadecimal. */
  readonly logo?: string
  /** What a picture can say of a level, lowest first. */
  readonly levels: readonly LevelWord[]
}

export interface LevelWord {
  readonly name: LocalisedText
  /** Ground of the ribbon that it stands on. */
  readonly accent: string
}

export const BADGE_SHAPES = ['round', 'shield', 'hexagon', 'square'] as const
export type BadgeShape = (typeof BADGE_SHAPES)[number]

/** Where nothing was ever decided. */
export const DEFAULT_HOUSE_STYLE: HouseStyle = {
  colours: { primary: '#1f4d3f', secondary: '#f4e7c3', text: '#ffffff' },
  shape: 'hexagon',
  levels: [
    { name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' },
    { name: { nl: 'Zilver', en: 'Silver' }, accent: '#b8bfc7' },
    { name: { nl: 'Goud', en: 'Gold' }, accent: '#d9a520' },
  ],
}
