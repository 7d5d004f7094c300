import type { JsonObject } from '#engine/shared/json.ts'
import type { PresentationCheck, PresentationReport } from './presentation-report.ts'
import type { Check, VerificationReport } from './verification-report.ts'

/** What went wrong, in the form of VC-API and of VC Data Model 2.0, section 7.2, with our own code beside it. */
export interface ProblemDetails {
  readonly type: string
  readonly title: string
  readonly detail: string
  readonly code: string
}

export interface VcApiAnswer {
  /** 400: it is not good. 422: it could not be told whether it is. */
  readonly status: 200 | 400 | 422
  readonly verified: boolean
  readonly problemDetails: readonly ProblemDetails[]
  /** What the caller should know, and what does not count against it here: above all an issuer that nobody knows. */
  readonly warnings: readonly ProblemDetails[]
}

type AnyCheck = Check | PresentationCheck

/**
 * A report as VC-API answers it. VC-API asks whether a credential stands, and leaves it to the caller whose credentials it
 * takes: so an issuer that is not known is a warning. Everything else that failed or could not be told means: not verified.
 */
export const credentialAnswer = (report: VerificationReport): VcApiAnswer =>
  answerOf(checksOf(report), newerText(report))

/** The same of a presentation: its own checks, and those of each credential in it. */
export function presentationAnswer({ checks, credentials }: PresentationReport): VcApiAnswer {
  const own = checks.filter(({ code }) => code !== 'credential-invalid' && code !== 'credential-undecided')
  return answerOf([...own, ...credentials.flatMap(checksOf)], credentials.flatMap(newerText))
}

/** Where a newer text takes the place of the one that was brought, both must hold: who asked has the older one in hands. */
const checksOf = ({ checks, refreshed }: VerificationReport): readonly Check[] =>
  refreshed === undefined ? checks : [...refreshed.checks, ...checks]

const newerText = ({ refreshed }: VerificationReport): readonly ProblemDetails[] =>
  refreshed === undefined
    ? []
    : [
        {
          type: `${MODEL}MALFORMED_VALUE_ERROR`,
          title: 'There is a newer text',
          detail: `Its issuer keeps a newer text of it at ${refreshed.at}, which takes its place.`,
          code: 'newer-text',
        },
      ]

function answerOf(checks: readonly AnyCheck[], news: readonly ProblemDetails[]): VcApiAnswer {
  const isWarning = ({ name, informs, outcome }: AnyCheck) =>
    informs === true || (name === 'issuer' && outcome === 'unknown')
  const open = checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const problems = open.filter((each) => !isWarning(each))
  const isBad = problems.some(({ outcome }) => outcome === 'failed')
  return {
    status: isBad ? 400 : problems.length > 0 ? 422 : 200,
    verified: problems.length === 0,
    problemDetails: problems.map(detailsOf),
    warnings: [...open.filter(isWarning).map(detailsOf), ...news],
  }
}

const MODEL = 'https://www.w3.org/TR/vc-data-model#'

function detailsOf({ name, code, detail }: AnyCheck): ProblemDetails {
  const [type, title] =
    name === 'proof'
      ? [`${MODEL}CRYPTOGRAPHIC_SECURITY_ERROR`, 'The securing mechanism does not hold']
      : name === 'status'
        ? [
            'https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR',
            'The status does not hold',
          ]
        : name === 'validity'
          ? [`${MODEL}RANGE_ERROR`, 'A value is out of range']
          : [`${MODEL}MALFORMED_VALUE_ERROR`, 'A value is not what it must be']
  return { type, title, detail, code }
}

/** As JSON, with the messages once more in the form of older clients. */
export const vcApiBody = ({ verified, problemDetails, warnings }: VcApiAnswer): JsonObject => ({
  verified,
  errors: problemDetails.map(({ detail }) => detail),
  problemDetails: problemDetails.map((each) => ({ ...each })),
  warnings: warnings.map((each) => ({ ...each })),
})
