import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex, toHex } from '#engine/shared/bytes.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRightSomewhere } from '#services/access/authorise.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
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
    /** Throws `image-unfit` for anything but a well-formed PNG of a sane size. */
    upload: async (
      principal: Principal,
      organisationId: OrganisationId,
      bytes: Uint8Array,
    ): Promise<string> => {
      // A picture is named by what is in it, and belongs to no unit.
      requireRightSomewhere(principal, 'create', organisationId)
      if (!(await images.isUsablePng(bytes)))
        throw errors.imageUnfit({ reason: 'it is no whole PNG of at most 4096 × 4096 pixels' })
      const sha256 = hashes.sha256(bytes)
      await database.asWorker((stores) => stores.files.put({ sha256, bytes, mediaType: 'image/png' }))
      return toHex(sha256).slice(2)
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
