/** Calendar periods as the platform's own formatter sees them: no calculation with offsets, but a look at the clock. */
export interface PlainPeriod {
  readonly unit: 'day' | 'week' | 'month'
  readonly zone: string
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

const clocks = new Map<string, Intl.DateTimeFormat>()
/** A look at a clock is slow, and the same few moments are asked for again and again. */
const seen = new Map<string, string>()

/** `2026-03-29 14:30` on the wall of the zone. */
function wall(moment: number, zone: string): string {
  const key = `${moment}@${zone}`
  const known = seen.get(key)
  if (known !== undefined) return known
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  clocks.set(zone, clock)
  const shown = clock.format(moment)
  seen.set(key, shown)
  return shown
}

const periods = new Map<string, { label: string; start: number; end: number }>()

/** Zones change their clocks at whole hours, in the ones that are used here. */
const nearby = new Map<string, { label: string; start: number; end: number }>()

/** The period that a moment lies in, found by walking to its ends. */
export function periodOf(
  moment: number,
  { unit, zone }: PlainPeriod,
): { readonly label: string; readonly start: number; readonly end: number } {
  const hour = moment - (moment % HOUR)
  const near = nearby.get(`${hour} ${unit} ${zone}`)
  if (near !== undefined) return near
  const label = labelOf(moment, unit, zone)
  const key = `${label} ${unit} ${zone}`
  const found = periods.get(key)
  if (found !== undefined) {
    nearby.set(`${hour} ${unit} ${zone}`, found)
    return found
  }
  const isIn = (at: number) => labelOf(at, unit, zone) === label
  let start = moment - (moment % HOUR)
  while (isIn(start - 1)) start -= HOUR
  let end = moment - (moment % HOUR) + HOUR
  while (isIn(end)) end += HOUR
  const period = { label, start, end }
  periods.set(key, period)
  return period
}

function labelOf(moment: number, unit: PlainPeriod['unit'], zone: string): string {
  const date = wall(moment, zone).slice(0, 10)
  if (unit === 'day') return date
  return unit === 'month' ? date.slice(0, 7) : weekOf(date)
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function weekOf(date: string): string {
  const day = Date.parse(`${date}T00:00:00Z`)
  const weekday = (new Date(day).getUTCDay() + 6) % 7
  const thursday = new Date(day + (3 - weekday) * DAY)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** The same time on the wall, so many days and months later; tried with each offset that a clock may have. */
export function laterInZone(
  moment: number,
  { days, months, zone }: { readonly days: number; readonly months: number; readonly zone: string },
): number {
  const [date = '', time = ''] = wall(moment, zone).split(' ')
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const target = new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth)) + days * DAY)
  const wanted = `${target.toISOString().slice(0, 10)} ${time}`
  const asUtc = Date.parse(`${wanted.replace(' ', 'T')}Z`) + (moment % 1000)
  for (let offset = -14; offset <= 14; offset++) {
    const candidate = asUtc - offset * HOUR
    if (wall(candidate, zone) === wanted) return candidate
  }
  throw new Error(`No clock in ${zone} shows ${wanted}.`)
}
