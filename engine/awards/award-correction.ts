import type { Evidence } from '#engine/credentials/badge-credential.ts'
import type { SubjectParticulars } from '#engine/credentials/subject-particulars.ts'
import type { AwardResult } from './award-results.ts'

/** What later editions of a credential say in place of what its award was granted with. What is missing stays as it was. */
export interface AwardCorrection {
  /** Why this person: Markdown. */
  readonly narrative?: string
  readonly evidence?: readonly Evidence[]
  readonly results?: readonly AwardResult[]
  readonly particulars?: SubjectParticulars
  /** One of those in which the achievement is described. */
  readonly language?: string
}

/** A later correction on top of an earlier one. */
export const corrected = (before: AwardCorrection | undefined, change: AwardCorrection): AwardCorrection => ({
  ...before,
  ...change,
})
