import { actorOf, type Principal } from '#engine/access/rights.ts'
import type { BadgeFace } from '#engine/achievements/badge-picture.ts'
import type { HouseStyle } from '#engine/achievements/house-style.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex, toHex } from '#engine/shared/bytes.ts'
import { contrast, READABLE_CONTRAST } from '#engine/shared/contrast.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Json } from '#engine/shared/json.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { StoredHouseStyle } from '#services/ports/house-style-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface HouseStylesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly images: BadgeImages
}

export const createHouseStyles = ({ database, clock, hashes, audit, images }: HouseStylesNeeds) => ({
  find: (principal: Principal, organisationId: OrganisationId): Promise<StoredHouseStyle> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.houseStyles.find(organisationId)
    }),

  /**
   * Throws `contrast-too-low`, `image-unknown` for the logo, and `precondition-failed` when somebody else has changed it
   * since revision `seen`. Pictures that were composed before stay what they are.
   */
  replace: (
    principal: Principal,
    organisationId: OrganisationId,
    seen: number,
    style: HouseStyle,
  ): Promise<StoredHouseStyle> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      requireReadable(style)
      if (style.logo !== undefined) await pngOf(stores, style.logo)
      const before = await stores.houseStyles.find(organisationId)
      const changed = await stores.houseStyles.replace(organisationId, seen, style)
      if (changed === undefined) throw errors.preconditionFailed({ current: before.revision })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'organisation.house_style_changed',
        targetType: 'organisation',
        targetId: organisationId,
        detail: { style: style as unknown as Json },
      })
      return changed
    }),

  /** Draws a picture in the style as it is now, keeps it, and gives its id. Throws `level-word-unknown`, `letter-unknown`. */
  compose: async (principal: Principal, organisationId: OrganisationId, face: BadgeFace): Promise<string> => {
    const { style, logo } = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'create', organisationId)
      const { style } = await stores.houseStyles.find(organisationId)
      return { style, logo: style.logo === undefined ? undefined : await pngOf(stores, style.logo) }
    })
    const word = face.level === undefined ? undefined : style.levels[face.level]
    if (face.level !== undefined && word === undefined)
      throw errors.levelWordUnknown({ level: face.level, levels: style.levels.length })
    const words = [face.label, ...(word === undefined ? [] : [textIn(word.name, face.language, 'en')])]
    const letters = await images.undrawable(words.join(' '))
    if (letters.length > 0) throw errors.letterUnknown({ letters })
    const bytes = await images.compose(style, face, logo)
    const sha256 = hashes.sha256(bytes)
    await database.asWorker((stores) => stores.files.put({ sha256, bytes, mediaType: 'image/png' }))
    return toHex(sha256).slice(2)
  },
})
export type HouseStyles = ReturnType<typeof createHouseStyles>

function requireReadable({ colours: { text, primary } }: HouseStyle): void {
  const ratio = contrast(text, primary)
  // Rounded down: 4.499 is not to be told as 4.5, which would be enough.
  if (ratio < READABLE_CONTRAST)
    throw errors.contrastTooLow({ ratio: Math.floor(ratio * 100) / 100, needed: READABLE_CONTRAST })
}

/** Throws `image-unknown`. */
async function pngOf(stores: Stores, image: string): Promise<Uint8Array> {
  const sha256 = fromHex(`0x${image}`)
  const file = sha256 === undefined ? undefined : await stores.files.get(sha256)
  if (file?.mediaType !== 'image/png') throw errors.imageUnknown({ image })
  return file.bytes
}
