import type { Json, JsonObject } from '#engine/shared/json.ts'

/** What an earner may leave out of a page. */
export const OMISSIONS = ['evidence', 'results', 'narrative'] as const
export type Omission = (typeof OMISSIONS)[number]

/**
 * What of a credential is shown where its earner leaves something out. No member of a credential under
 * `eddsa-rdfc-2022` can be hidden and the signature still hold, so this is no document: it is what the issuer's server
 * says of one.
 */
export interface AttestedView {
  readonly achievement: JsonObject
  readonly validFrom: string
  readonly validUntil?: string
  readonly creditsEarned?: number
  readonly narrative?: string
  readonly evidence?: readonly Json[]
  readonly results?: readonly Json[]
  readonly omitted: readonly Omission[]
}

/**
 * Members are named one by one, so that one which credentials get later is not shown by accident. The ids of the subject and of
 * the credential, its status index, its proof and the digest of its image are left out always: with them a guess at what
 * is hidden could be checked, or the document be found.
 */
export function attestedView(document: JsonObject, omits: readonly Omission[]): AttestedView {
  const subject = objectIn(document['credentialSubject'])
  const { narrative, creditsEarned } = subject
  const evidence = listIn(document['evidence'])
  const results = listIn(subject['result'])
  const validUntil = document['validUntil']
  const omitted = OMISSIONS.filter((each) => omits.includes(each))
  const shows = (what: Omission) => !omitted.includes(what)
  const achievement = objectIn(subject['achievement'])
  return {
    achievement: shows('results') ? achievement : withoutImage(achievement),
    validFrom: String(document['validFrom']),
    ...(typeof validUntil === 'string' ? { validUntil } : {}),
    ...(typeof creditsEarned === 'number' ? { creditsEarned } : {}),
    ...(shows('narrative') && typeof narrative === 'string' ? { narrative } : {}),
    ...(shows('evidence') && evidence.length > 0 ? { evidence } : {}),
    ...(shows('results') && results.length > 0 ? { results } : {}),
    omitted,
  }
}

/** Where levels have pictures, the picture is a result. */
const withoutImage = ({ image: _, ...achievement }: JsonObject): JsonObject => achievement

function objectIn(value: Json | undefined): JsonObject {
  const one = Array.isArray(value) ? (value as readonly Json[])[0] : value
  return typeof one === 'object' && one !== null && !Array.isArray(one) ? (one as JsonObject) : {}
}

const listIn = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value]
