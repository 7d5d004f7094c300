import type { Principal } from '#engine/access/rights.ts'
import { badgeContrast } from '#engine/achievements/badge-contrast.ts'
import type { BadgeDesign } from '#engine/achievements/badge-design.ts'
import { type BadgeFace, textFits } from '#engine/achievements/badge-picture.ts'
import type { BadgeShape, HouseStyle } from '#engine/achievements/house-style.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex, toHex } from '#engine/shared/bytes.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import { storedPng } from './stored-png.ts'

export interface BadgeDesignsNeeds {
  readonly database: Database
  readonly hashes: Hashes
  readonly images: BadgeImages
}

/** What an author says of a picture; the rest is as the house style has it. */
export interface PictureWish extends Omit<BadgeFace, 'level'> {
  /** Place in the level words of the house style, from 0. */
  readonly level?: number
  readonly shape?: BadgeShape
  readonly colours?: HouseStyle['colours']
  /** Without the logo of the house style where it is false. */
  readonly logo?: boolean
}

export interface DrawnPicture {
  readonly id: string
  readonly design: BadgeDesign
  /** False: the text is longer than the picture has room for. */
  readonly fits: boolean
}

export const createBadgeDesigns = ({ database, hashes, images }: BadgeDesignsNeeds) => ({
  /**
   * Draws a picture, keeps it and what it was made of, and gives its id. Throws `contrast-too-low`, `level-word-unknown`,
   * `letter-unknown`.
   */
  compose: async (
    principal: Principal,
    organisationId: OrganisationId,
    wish: PictureWish,
  ): Promise<DrawnPicture> => {
    // 1. Load.
    const { style, logo } = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'create', organisationId)
      const { style } = await stores.houseStyles.find(organisationId)
      const wanted = wish.logo === false ? undefined : style.logo
      return { style, logo: wanted === undefined ? undefined : await storedPng(stores, wanted) }
    })

    // 2. Decide.
    const design = designOf(wish, style)
    requireContrast(design.colours)
    const { level, label, language } = design
    const words = [label, ...(level === undefined ? [] : [textIn(level.name, language, 'en')])]
    const letters = await images.undrawable(words.join(' '))
    if (letters.length > 0) throw errors.letterUnknown({ letters })

    // 3. Draw, and save: the file is named by what is in it, what it was made of belongs to who made it.
    const bytes = await images.compose(design, design, logo)
    const sha256 = hashes.sha256(bytes)
    await database.asWorker((stores) => stores.files.put({ sha256, bytes, mediaType: 'image/png' }))
    await database.inOrganisation(organisationId, (stores) =>
      stores.badgeDesigns.put(organisationId, sha256, design),
    )
    return { id: toHex(sha256).slice(2), design, fits: textFits(design.shape, design) }
  },

  /** Throws `not-found` for a picture that this organisation did not draw. */
  find: (principal: Principal, organisationId: OrganisationId, id: string): Promise<BadgeDesign> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const sha256 = fromHex(`0x${id}`)
      const design =
        sha256?.length === 32 ? await stores.badgeDesigns.find(organisationId, sha256) : undefined
      if (design === undefined) throw errors.notFound({ what: 'design of the image', id })
      return design
    }),
})
export type BadgeDesigns = ReturnType<typeof createBadgeDesigns>

/** Throws `contrast-too-low`, for what is read before what is seen. */
export function requireContrast(colours: HouseStyle['colours']): void {
  const low = badgeContrast(colours).find(({ isEnough }) => !isEnough)
  if (low !== undefined) {
    const { part, ratio, needed, proposal } = low
    throw errors.contrastTooLow({ part, ratio, needed, proposal })
  }
}

function designOf({ level, logo, ...wish }: PictureWish, style: HouseStyle): BadgeDesign {
  const word = level === undefined ? undefined : style.levels[level]
  if (level !== undefined && word === undefined)
    throw errors.levelWordUnknown({ level, levels: style.levels.length })
  return {
    ...wish,
    shape: wish.shape ?? style.shape,
    colours: wish.colours ?? style.colours,
    ...(word === undefined ? {} : { level: word }),
    ...(style.logo === undefined || logo === false ? {} : { logo: style.logo }),
  }
}
