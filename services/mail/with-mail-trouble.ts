import type { MailTrouble } from '#engine/notifications/mail-trouble.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { MailStore } from '#services/ports/mail-store.ts'

/** Says of each why its newest mail did not arrive, where that is known. */
export async function withMailTrouble<T extends { readonly id: string }>(
  { mail }: { readonly mail: Pick<MailStore, 'troubles'> },
  organisationId: OrganisationId,
  items: readonly T[],
): Promise<readonly (T & { readonly mailTrouble?: MailTrouble })[]> {
  const troubles = await mail.troubles(
    organisationId,
    items.map(({ id }) => id),
  )
  return items.map((item) => {
    const mailTrouble = troubles.get(item.id)
    return mailTrouble === undefined ? item : { ...item, mailTrouble }
  })
}
