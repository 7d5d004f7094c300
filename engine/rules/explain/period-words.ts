import type { CalendarUnit, Period } from '#engine/shared/calendar.ts'
import type { Language } from './phrases.ts'

/** What people call a calendar period: `25 November 2026`, `week 48 of 2026`, `quarter 4 of 2026`, `2026`. */
export function periodInWords(
  { unit, name }: Pick<Period, 'name'> & { readonly unit: CalendarUnit },
  language: Language,
): string {
  const [year = '', part = '', day = ''] = name.split('-')
  const month = MONTHS[language][Number(part) - 1] ?? ''
  switch (unit) {
    case 'day':
      return `${Number(day)} ${month} ${year}`
    case 'week':
      return `week ${Number(part.slice(1))} ${OF[language]} ${year}`
    case 'month':
      return `${month} ${year}`
    case 'quarter':
      return `${QUARTER[language]} ${part.slice(1)} ${OF[language]} ${year}`
    case 'year':
      return year
  }
}

const OF = { en: 'of', nl: 'van' } as const
const QUARTER = { en: 'quarter', nl: 'kwartaal' } as const
const MONTHS = {
  en: [
    ...['January', 'February', 'March', 'April', 'May', 'June'],
    ...['July', 'August', 'September', 'October', 'November', 'December'],
  ],
  nl: [
    ...['januari', 'februari', 'maart', 'april', 'mei', 'juni'],
    ...['juli', 'augustus', 'september', 'oktober', 'november', 'december'],
  ],
} as const
