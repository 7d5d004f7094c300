import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex, toHex } from '#engine/shared/bytes.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { unreachable } from '#engine/shared/never.ts'
import { requireRightSomewhere } from '#services/access/authorise.ts'
import type { BadgeImages, CleanedPicture, RemovedPart } from '#services/ports/badge-images.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'

/** Images are named by their SHA-256, which also stands inside the credential: another picture is another name. */
export const createImages = ({
  database,
  hashes,
  images,
}: {
  readonly database: Database
  readonly hashes: Hashes
  readonly images: BadgeImages
}) => {
  return {
    /**
     * Keeps the pixels of a picture as PNG, and tells what else was in the file. Throws `image-unfit`, `image-too-large`,
     * `image-active`, and `unavailable` while too many others are drawn.
     */
    upload: async (
      principal: Principal,
      organisationId: OrganisationId,
      bytes: Uint8Array,
    ): Promise<{ readonly id: string; readonly removed: readonly RemovedPart[] }> => {
      // A picture is named by what is in it, and belongs to no unit.
      requireRightSomewhere(principal, 'create', organisationId)
      const cleaned = await images.clean(bytes)
      if (!cleaned.ok) throw refusalOf(cleaned)
      const { png, removed } = cleaned
      const sha256 = hashes.sha256(png)
      await database.asWorker((stores) => stores.files.put({ sha256, bytes: png, mediaType: 'image/png' }))
      return { id: toHex(sha256).slice(2), removed }
    },

    read: (id: string): Promise<Uint8Array> =>
      database.asWorker(async (stores) => {
        const sha256 = fromHex(`0x${id}`)
        const file = sha256?.length === 32 ? await stores.files.get(sha256) : undefined
        if (file === undefined) throw errors.notFound({ what: 'image', id })
        return file.bytes
      }),
  }
}
export type Images = ReturnType<typeof createImages>

function refusalOf(refused: Exclude<CleanedPicture, { ok: true }>): Error {
  switch (refused.code) {
    case 'unfit':
      return errors.imageUnfit({ reason: refused.reason })
    case 'too-large':
      return errors.imageTooLarge({ width: refused.width, height: refused.height, most: 4096 })
    case 'active':
      return errors.imageActive({ parts: refused.parts })
    case 'busy':
      return errors.unavailable({ what: 'drawing of pictures' })
    default:
      return unreachable(refused)
  }
}
