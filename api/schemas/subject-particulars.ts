import * as z from 'zod'
import { parseInstant } from '#engine/shared/instant.ts'
import { Time, text } from './common.ts'
import { NamedProfile } from './profiles.ts'

/** Also no date that RFC 3339 can write and we cannot. What is no time at all is said once. */
const Moment = Time.refine(
  (time) => !Time.safeParse(time).success || parseInstant(time) !== undefined,
  'No date and time',
)

/** What a badge says of the activity of one person (Open Badges 3.0, `AchievementSubject`). */
export const SubjectParticulars = z
  .strictObject({
    activityStartDate: Moment.optional().describe('When the activity began.'),
    activityEndDate: Moment.optional().describe('When it ended: not before it began.'),
    creditsEarned: z.number().min(0).max(10_000).optional(),
    licenseNumber: text(200).optional().describe('Of a licence or certificate, as its register has it.'),
    role: text(200).optional().describe('In which it was done, such as `Group leader`.'),
    term: text(200).optional().describe('In which it was, such as `2026–2027, first half`.'),
    source: NamedProfile.optional().describe('Who assessed it for the issuer.'),
  })
  .refine(
    ({ activityStartDate: from, activityEndDate: to }) =>
      from === undefined || to === undefined || !(Date.parse(to) < Date.parse(from)),
    { message: 'Ends before it begins', path: ['activityEndDate'] },
  )
  .describe('What stands in the subject of the badge beside narrative and results.')

export const SubjectParticularsShown = z
  .strictObject({
    activityStartDate: Time.optional(),
    activityEndDate: Time.optional(),
    creditsEarned: z.number().optional(),
    licenseNumber: z.string().optional(),
    role: z.string().optional(),
    term: z.string().optional(),
    source: z
      .strictObject({
        id: z.string(),
        name: z.string(),
        url: z.string().optional(),
        official: z.string().optional(),
        otherIdentifiers: z.array(z.strictObject({ identifier: z.string(), type: z.string() })).optional(),
      })
      .optional(),
  })
  .meta({ id: 'SubjectParticulars' })
