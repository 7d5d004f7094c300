import type { Award } from '#web/api/wire.ts'
import { numberOf } from './form-rules.ts'

type Particulars = NonNullable<Award['particulars']>

export const PARTICULAR_FIELDS = [
  'activityStartDate',
  'activityEndDate',
  'role',
  'term',
  'creditsEarned',
  'licenseNumber',
] as const

/** What a badge says of an activity, as the form holds it: every field a text, and dates as days of UTC. */
export type ParticularsDraft = Readonly<Record<(typeof PARTICULAR_FIELDS)[number], string>>

export const particularsDraftOf = (said: Particulars | null | undefined): ParticularsDraft => ({
  activityStartDate: said?.activityStartDate?.slice(0, 10) ?? '',
  activityEndDate: said?.activityEndDate?.slice(0, 10) ?? '',
  role: said?.role ?? '',
  term: said?.term ?? '',
  creditsEarned: said?.creditsEarned === undefined ? '' : String(said.creditsEarned),
  licenseNumber: said?.licenseNumber ?? '',
})

/**
 * What the form says, over what was there before: a moment of a day that nobody touched stays that moment, and so does what
 * the form does not show. Undefined where it says nothing.
 */
export function particularsOf(draft: ParticularsDraft, before?: Particulars | null): Particulars | undefined {
  const day = (name: 'activityStartDate' | 'activityEndDate') => {
    const old = before?.[name]
    if (draft[name] === '') return {}
    return { [name]: old?.slice(0, 10) === draft[name] ? old : `${draft[name]}T00:00:00Z` }
  }
  const text = (name: 'role' | 'term' | 'licenseNumber') =>
    draft[name].trim() === '' ? {} : { [name]: draft[name].trim() }
  const said: Particulars = {
    ...day('activityStartDate'),
    ...day('activityEndDate'),
    ...text('role'),
    ...text('term'),
    ...text('licenseNumber'),
    ...(draft.creditsEarned.trim() === '' ? {} : { creditsEarned: numberOf(draft.creditsEarned) }),
    ...(before?.source === undefined ? {} : { source: before.source }),
  }
  return Object.keys(said).length === 0 ? undefined : said
}
