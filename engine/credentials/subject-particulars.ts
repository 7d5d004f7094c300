import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type NamedProfile, namedProfileDocument } from './issuer-profile.ts'

/** What a badge says of the activity of this one person, beside why, how well and on what it rests. */
export interface SubjectParticulars {
  readonly activityStartDate?: Instant
  readonly activityEndDate?: Instant
  readonly creditsEarned?: number
  /** Of a licence or certificate, as its register has it. */
  readonly licenseNumber?: string
  /** In which they did it, such as `Group leader`. */
  readonly role?: string
  /** The term in which it was, such as `2026–2027, first half`. */
  readonly term?: string
  /** Who assessed it for the issuer. */
  readonly source?: NamedProfile
}

/** Members of an `AchievementSubject`. */
export const particularMembers = ({
  activityStartDate,
  activityEndDate,
  creditsEarned,
  licenseNumber,
  role,
  term,
  source,
}: SubjectParticulars): JsonObject => ({
  ...(activityStartDate === undefined ? {} : { activityStartDate: formatInstant(activityStartDate) }),
  ...(activityEndDate === undefined ? {} : { activityEndDate: formatInstant(activityEndDate) }),
  ...(creditsEarned === undefined ? {} : { creditsEarned }),
  ...(licenseNumber === undefined ? {} : { licenseNumber }),
  ...(role === undefined ? {} : { role }),
  ...(term === undefined ? {} : { term }),
  ...(source === undefined ? {} : { source: namedProfileDocument(source) }),
})
