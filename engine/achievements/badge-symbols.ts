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
  pencil: 'M3 21l1.2-5.2L16 4q1-1 2 0l2 2q1 1 0 2L8.2 19.8z',
  bulb: 'M12 2a7 7 0 0 1 4 12.7V17H8v-2.3A7 7 0 0 1 12 2zM8.5 18.5h7v1.7h-7zM10 21.3h4V23h-4z',
  medal: 'M6.5 1.5h4L12 6l1.5-4.5h4L15 8.9a7 7 0 1 1-6 0z',
  cup: 'M7 2h10v2h4v3q0 4.3-4.6 4.8-1.2 2.3-3.2 2.9V18H17v3.5H7V18h3.8v-3.3q-2-.6-3.2-2.9Q3 11.3 3 7V4h4z',
  speech: 'M3 3h18q1 0 1 1v12q0 1-1 1H11l-5 5v-5H3q-1 0-1-1V4q0-1 1-1z',
  screen: 'M3 3h18q1 0 1 1v12q0 1-1 1h-7v2.5h3.5V22h-11v-2.5H10V17H3q-1 0-1-1V4q0-1 1-1z',
  note: 'M9 4l11.5-2.5v14.2a3.2 3.2 0 1 1-2.3-3V6.8l-6.9 1.5v9.9a3.2 3.2 0 1 1-2.3-3z',
} as const

export type BadgeSymbol = keyof typeof PATHS
export const BADGE_SYMBOLS = Object.keys(PATHS) as readonly BadgeSymbol[]

export const symbolPath = (symbol: BadgeSymbol): string => PATHS[symbol]
