/** Drawn by ourselves, each one path in a field of 24 × 24. */
const PATHS = {
  star: 'M12 2l2.9 6.6 7.1.7-5.4 4.8 1.6 7L12 17.4l-6.2 3.7 1.6-7L2 9.3l7.1-.7z',
  check: 'M3 12.5l2.8-2.8 3.9 3.9 8.5-8.5L21 7.9 9.7 19.2z',
  book: 'M3 4h6.5q2.5 0 2.5 2 0-2 2.5-2H21v14h-6.5q-2.5 0-2.5 2 0-2-2.5-2H3z',
  leaf: 'M20.5 3C10 3 4 8 4 14.5c0 1.4.3 2.7.8 3.9L3 20.5 4.5 22l2-2c1 .6 2.2 1 3.5 1C17.5 21 21.5 13.5 20.5 3z',
  bolt: 'M13.5 2L5 13.5h5.5L9.5 22 19 9.5h-6z',
  flag: 'M5 2h2v20H5zM8.5 3H20l-3 4 3 4H8.5z',
  heart: 'M12 21C5 15.5 2 12 2 8a5 5 0 0 1 10-1.5A5 5 0 0 1 22 8c0 4-3 7.5-10 13z',
  people:
    'M8 4a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7zM16.5 5a3 3 0 1 1 0 6a3 3 0 0 1 0-6zM2 20c0-4 2.5-7 6-7s6 3 6 7zM15.5 20c0-2.6-.7-4.8-2-6.3c.9-.5 1.9-.7 3-.7c3.3 0 5.5 3 5.5 7z',
} as const

export type BadgeSymbol = keyof typeof PATHS
export const BADGE_SYMBOLS = Object.keys(PATHS) as readonly BadgeSymbol[]

export const symbolPath = (symbol: BadgeSymbol): string => PATHS[symbol]
