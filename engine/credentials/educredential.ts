import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/**
 * The Dutch educredential profile of Open Badges 3.0 (edubadges): what an achievement says of how somebody took part and was
 * assessed, in the words of the profile's own context. The words are the terms of that context, so they are never translated
 * in documents.
 */
export interface Educredential {
  readonly participationType?: ParticipationType
  readonly assessmentType?: AssessmentType
  readonly supervisionType?: SupervisionType
  /** Whether somebody looked who it was that was assessed. */
  readonly identityChecked?: boolean
  /** Number of the programme in the national register of education (RIO, CROHO). */
  readonly educationProgramIdentifier?: number
  /** European credits. */
  readonly ects?: number
  /** Hours of study (Dutch: studiebelastingsuren). */
  readonly sbu?: number
  /** Hours. */
  readonly timeInvestment?: number
}

export const PARTICIPATION_TYPES = [
  'online',
  'onsite or blended',
  'volunteering',
  'work experience',
  'personalized learning activities',
] as const
export type ParticipationType = (typeof PARTICIPATION_TYPES)[number]

export const ASSESSMENT_TYPES = [
  'testing',
  'application of a skill',
  'portfolio',
  'recognition of prior learning',
] as const
export type AssessmentType = (typeof ASSESSMENT_TYPES)[number]

export const SUPERVISION_TYPES = [
  'unsupervised with no identity verification',
  'supervised with no identity verification',
  'supervised online',
  'onsite with identity verification',
] as const
export type SupervisionType = (typeof SUPERVISION_TYPES)[number]

/** The type that an achievement has beside `Achievement` when it uses the profile. */
export const EDUCREDENTIAL_TYPE = 'EducredentialAchievement'

/** The members of the profile as they stand in an achievement. */
export function educredentialMembers({ ects, sbu, ...rest }: Educredential): JsonObject {
  const members = { ...rest, ECTS: ects, SBU: sbu }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject
}

/**
 * Reads the profile out of any achievement, also one of somebody else; undefined where it does not use it. A word that the
 * profile does not know is left out, as what it would mean nobody has said.
 */
export function readEducredential(achievement: JsonObject): Educredential | undefined {
  const { type = null } = achievement
  if (!(isJsonArray(type) ? type.includes(EDUCREDENTIAL_TYPE) : type === EDUCREDENTIAL_TYPE)) return undefined
  const { identityChecked } = achievement
  return {
    ...word('participationType', PARTICIPATION_TYPES, achievement),
    ...word('assessmentType', ASSESSMENT_TYPES, achievement),
    ...word('supervisionType', SUPERVISION_TYPES, achievement),
    ...(typeof identityChecked === 'boolean' ? { identityChecked } : {}),
    ...number('educationProgramIdentifier', achievement['educationProgramIdentifier']),
    ...number('ects', achievement['ECTS']),
    ...number('sbu', achievement['SBU']),
    ...number('timeInvestment', achievement['timeInvestment']),
  }
}

/** Whether a document, or the achievement inside of one, uses the profile. */
export function usesEducredential(document: JsonObject): boolean {
  const subjects = document['credentialSubject'] ?? []
  const inside = (isJsonArray(subjects) ? subjects : [subjects]).map((subject) =>
    isJsonObject(subject) ? subject['achievement'] : undefined,
  )
  return [document, ...inside].some((each) => isJsonObject(each) && readEducredential(each) !== undefined)
}

function word<K extends string, V extends string>(
  name: K,
  words: readonly V[],
  achievement: JsonObject,
): { readonly [key in K]?: V } {
  const found = words.find((each) => each === achievement[name])
  return found === undefined ? {} : ({ [name]: found } as { readonly [key in K]?: V })
}

/** Others write numbers as texts. */
function number<K extends string>(name: K, value: Json | undefined): { readonly [key in K]?: number } {
  const read = typeof value === 'string' && /^\d{1,12}(?:\.\d{1,4})?$/.test(value) ? Number(value) : value
  return typeof read === 'number' && read >= 0 ? ({ [name]: read } as { readonly [key in K]?: number }) : {}
}
