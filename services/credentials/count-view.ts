import type { Instant } from '#engine/shared/instant.ts'
import type { ViewChannel } from '#services/ports/credential-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { ReadableCredential } from './read-credential.ts'

/**
 * Counts that a stranger opened a page. A number a day and channel is all that is kept: no address, no browser, nothing of
 * who it was. The earner's own looks and those of the issuer's people are not counted.
 */
export async function countView(
  stores: Stores,
  { credential, way }: ReadableCredential,
  at: Instant,
  through?: ViewChannel,
): Promise<void> {
  if (way.kind === 'earner' || way.kind === 'issuer') return
  await stores.credentials.countView({
    organisationId: credential.organisationId,
    credentialId: credential.id,
    channel: through ?? way.kind,
    ...(way.kind === 'link' ? { shareLinkId: way.link.id } : {}),
    at,
  })
}
