import { textIn } from '#engine/shared/localised-text.ts'
import { directAwardMail } from '#services/mail/direct-award-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { DirectAward } from '#services/ports/direct-award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { openSecrets } from './direct-award-secrets.ts'

/**
 * Writes a mail about an award to an address, in the caller's transaction, and counts it. Its number stands in its
 * Message-ID, so none is written twice. The count is for the caller to save. Wake `mail` after the commit.
 */
export async function mailDirectAward(
  needs: Pick<DirectAwardNeeds, 'clock' | 'random' | 'secretBox' | 'origin'>,
  stores: Stores,
  award: DirectAward,
  reminder = 0,
): Promise<DirectAward> {
  const { clock, random, origin } = needs
  const { standing, identifier, organisationId, language, message } = award
  const secrets = openSecrets(needs, award)
  if (standing.state !== 'unaccepted' || secrets?.token === undefined) return award
  const issuer = await stores.issuers.find(award.issuerId)
  const version = await stores.achievements.version(award.achievementVersionId)
  const { name = {}, language: own = 'en' } = version?.definition ?? {}
  const mails = award.mails + 1
  const mail = directAwardMail({
    reminder,
    url: `${origin}/claim#${secrets.token}`,
    code: secrets.code,
    codeUrl: `${origin}/redeem`,
    language,
    achievement: textIn(name, language, own),
    issuer: issuer?.name ?? '',
    expiresAt: standing.expiresAt,
    ...(message === undefined ? {} : { message }),
  })
  const to = {
    organisationId,
    to: identifier.value,
    now: clock.now(),
    messageId: messageId(award, mails, origin),
    aboutId: award.id,
  }
  await queueMail({ random, origin }, stores, to, mail)
  return { ...award, mails }
}

/** Those that were written about an award so far. */
export const messageIds = (award: DirectAward, origin: string): readonly string[] =>
  Array.from({ length: award.mails }, (_, at) => messageId(award, at + 1, origin))

const messageId = ({ id }: DirectAward, number: number, origin: string): string =>
  `<direct-award.${id}.${number}@${new URL(origin).hostname}>`
