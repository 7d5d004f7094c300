import { clockIn } from '#engine/shared/calendar.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'

/** A badge as other sites are told of it. */
export interface ShownBadge {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly awardedAt: Instant
  readonly validUntil?: Instant
  /** Where whoever follows it sees the badge. */
  readonly url: string
}

/**
 * The address at which LinkedIn offers to add the badge to a profile. Nothing is sent before its owner follows it. Months are those of
 * the owner's calendar; a badge that ends with a month is good in that month, and not in the one that begins then.
 */
export function linkedInUrl(
  { id, name, issuer, awardedAt, validUntil, url }: ShownBadge,
  timeZone: string,
): string {
  const [issueYear, issueMonth] = yearAndMonth(awardedAt, timeZone)
  const [expirationYear, expirationMonth] =
    validUntil === undefined ? [] : yearAndMonth(asInstant(validUntil - 1), timeZone)
  const query = new URLSearchParams({
    startTask: 'CERTIFICATION_NAME',
    name,
    organizationName: issuer,
    issueYear,
    issueMonth,
    ...(expirationYear === undefined || expirationMonth === undefined
      ? {}
      : { expirationYear, expirationMonth }),
    certUrl: url,
    certId: id,
  })
  return `https://www.linkedin.com/profile/add?${query}`
}

/** Opens the reader's own mail program with a letter to nobody yet. */
export function mailtoUrl({ name, issuer, url }: ShownBadge, language: string): string {
  const isDutch = language.startsWith('nl')
  const subject = isDutch ? `Mijn badge: ${name}` : `My badge: ${name}`
  const body = isDutch
    ? `Ik heb de badge “${name}” van ${issuer}. Bekijk en controleer hem hier:\r\n\r\n${url}`
    : `I hold the badge “${name}” of ${issuer}. See and verify it here:\r\n\r\n${url}`
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`
}

function yearAndMonth(at: Instant, timeZone: string): readonly [string, string] {
  const [year = '', month = ''] = clockIn(at, timeZone).date.split('-')
  return [year, String(Number(month))]
}
