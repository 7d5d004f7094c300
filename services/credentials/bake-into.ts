import { fromHex } from '#engine/shared/bytes.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import type { Database } from '#services/ports/database.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { LoadedCredential } from './load-credentials.ts'
import type { ReadableCredential } from './read-credential.ts'

export interface BakeIntoNeeds {
  readonly database: Database
  readonly images: BadgeImages
}

/** A document about a badge, in the picture of that badge. */
export type BakeInto = (
  found: Pick<ReadableCredential, 'edition' | 'version' | 'omits' | 'award'>,
  document: Uint8Array,
  format: 'png' | 'svg',
) => Promise<Uint8Array>

export const createBakeInto =
  ({ database, images }: BakeIntoNeeds): BakeInto =>
  async (found, document, format) => {
    const picture = await database.asWorker((stores) => storedPicture(stores, imageOf(found)))
    const png = picture ?? (await images.draw(found.award.achievementId))
    const text = new TextDecoder().decode(document)
    if (format === 'png') return images.bakePng(png, text)
    const { definition } = found.version
    return images.bakeSvg(png, text, textIn(definition.name, definition.language, definition.language))
  }

export async function storedPicture(
  stores: Stores,
  image: string | undefined,
): Promise<Uint8Array | undefined> {
  const sha256 = fromHex(`0x${image ?? ''}`)
  return sha256?.length === 32 ? (await stores.files.get(sha256))?.bytes : undefined
}

/** The picture that the edition was signed with. Of one whose results are left out it would tell the level. */
export function imageOf({
  edition,
  version,
  omits,
}: Pick<LoadedCredential, 'edition' | 'version'> & Pick<ReadableCredential, 'omits'>): string | undefined {
  const { image, imageLevels } = version.definition
  if (edition === undefined || imageLevels === undefined || omits.includes('results')) return image
  const document = JSON.parse(new TextDecoder().decode(edition.signed)) as SignedPicture
  return /([0-9a-f]{64})\.png$/.exec(document.credentialSubject.achievement.image?.id ?? '')?.[1] ?? image
}
/** What `prepareEdition` wrote. */
interface SignedPicture {
  readonly credentialSubject: { readonly achievement: { readonly image?: { readonly id: string } } }
}
