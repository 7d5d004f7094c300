import type { Instant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { type AwardChange, awardChangeMail } from '#services/mail/award-change-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Credential } from '#services/ports/credential-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Tells the earner what became of their badge, in the transaction in which it becomes so: once, or not at all. Nothing
 * is sent of a badge that nobody has been told of. Wake `mail` after the commit.
 */
export type MailEarner = (
  stores: Stores,
  about: {
    readonly award: Award
    readonly credential: Credential | undefined
    readonly at: Instant
    readonly kind: AwardChange
    /** As whoever changed it worded it. */
    readonly reason?: string
    /** When the badge is over by itself. */
    readonly until?: Instant
  },
) => Promise<void>

export const createMailEarner =
  ({ random, origin }: { readonly random: Random; readonly origin: string }): MailEarner =>
  async (stores, { award, credential, at, kind, reason, until }) => {
    if (credential === undefined || award.issuedAt === undefined) return
    const to = await addressOf(stores, award)
    const version = await stores.achievements.version(award.achievementVersionId)
    const issuer = await stores.issuers.find(award.issuerId)
    if (to === undefined || version === undefined || issuer === undefined) return
    const { definition } = version
    const language = award.correction?.language ?? definition.language
    const message = awardChangeMail({
      change: kind,
      url: `${origin}/credentials/${credential.id}`,
      language,
      achievement: textIn(definition.name, language, definition.language),
      issuer: issuer.name,
      ...(reason === undefined ? {} : { reason }),
      ...(until === undefined ? {} : { until }),
    })
    await queueMail(
      { random, origin },
      stores,
      { organisationId: award.organisationId, to, now: at, aboutId: award.id },
      message,
    )
  }

/** Where the badge was sent to; else an address by which the organisation knows the person. */
async function addressOf(stores: Stores, award: Award): Promise<string | undefined> {
  const claim = await stores.claims.findByAward(award.id)
  if (claim?.state === 'rejected') return undefined
  if (claim?.identifier.type === 'email') return claim.identifier.value
  const identifiers = await stores.subjects.identifiers(award.organisationId, award.subjectId)
  return identifiers.find(({ type }) => type === 'email')?.value
}
