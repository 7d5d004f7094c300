import type { BadgeFace } from '#engine/achievements/badge-picture.ts'
import type { HouseStyle } from '#engine/achievements/house-style.ts'

export type Unbaked =
  | {
      readonly ok: true
      readonly credential: Uint8Array
      /** The image as it was before the badge was put in: a PNG byte for byte. Undefined where it cannot be told. */
      readonly picture?: Uint8Array
    }
  | { readonly ok: false; readonly reason: string }

/** Takes the credential out of a baked image. Undefined when the bytes are no image that a badge can be in. */
export type Unbake = (bytes: Uint8Array) => Unbaked | undefined

/** Draws and bakes badge images. */
export interface BadgeImages {
  /** A badge of 512 × 512 pixels, the same for the same seed: for an achievement without an image of its own. PNG. */
  draw(seed: string): Promise<Uint8Array>
  /** A badge in the style of its organisation, of 512 × 512 pixels, the same for the same input. `logo` is a PNG. PNG. */
  compose(style: HouseStyle, face: BadgeFace, logo?: Uint8Array): Promise<Uint8Array>
  /** What stands in this text and cannot be drawn, each once: the font has no picture of it. */
  undrawable(text: string): Promise<readonly string[]>
  /** Puts a credential into a PNG: one uncompressed iTXt chunk `openbadgecredential`. Throws `image-unfit`. */
  bakePng(png: Uint8Array, credential: string): Uint8Array
  /** An SVG that shows the PNG and holds the credential. */
  bakeSvg(png: Uint8Array, credential: string, title: string): Uint8Array
  /** Whether these bytes are a PNG that can be baked, of at most 4096 × 4096 pixels, with all of them there. */
  isUsablePng(bytes: Uint8Array): Promise<boolean>
}
