import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

export interface Format {
  /** A day, in words: 24 November 2026. */
  readonly day: (time: string) => string
  /** The same of an activity: a moment that begins a day of UTC is that day, wherever the reader is. */
  readonly activityDay: (time: string) => string
  /** A moment with its time zone, for whatever is said "as of". */
  readonly moment: (time: string) => string
  readonly number: (value: number) => string
}

/** Dates and numbers in the language and the time zone of the reader. */
export function useFormat(): Format {
  const { language } = useTranslation().i18n
  return useMemo(() => {
    // British rather than American order for English: the day stands before the month, as in Dutch.
    const locale = language === 'en' ? 'en-GB' : language
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
    const utcDay = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
    const moment = new Intl.DateTimeFormat(locale, {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    })
    const number = new Intl.NumberFormat(locale)
    return {
      day: (time) => formatted(day, time),
      activityDay: (time) => formatted(/T00:00:00(?:\.0+)?Z$/.test(time) ? utcDay : day, time),
      moment: (time) => formatted(moment, time),
      number: (value) => number.format(value),
    }
  }, [language])
}

/** A time that cannot be read is shown as it came. */
function formatted(format: Intl.DateTimeFormat, time: string): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? time : format.format(date)
}
