import type { BadgeFace, BadgeLook } from '#engine/achievements/badge-picture.ts'

export type Unbaked =
  | {
      readonly ok: true
      readonly credential: Uint8Array
      /** The image as it was before the badge was put in: a PNG byte for byte. Undefined where it cannot be told. */
      readonly picture?: Uint8Array
    }
  | { readonly ok: false; readonly reason: string }

/** Takes the credential out of a baked image or a PDF. Undefined when the bytes are no file that a badge can be in. A server may answer later. */
export type Unbake = (bytes: Uint8Array) => Unbaked | undefined | Promise<Unbaked | undefined>

/** What was in a file besides its picture: a baked badge, metadata (colour profiles too), moving pictures, bytes behind its end. */
export type RemovedPart = 'badge' | 'metadata' | 'animation' | 'trailing-bytes'

/** What in an SVG would do something, or fetch something, where it is shown. */
export type ActivePart =
  | 'script'
  | 'foreign-object'
  | 'event-handler'
  | 'external-reference'
  | 'document-type'
  | 'animation'

export type CleanedPicture =
  | { readonly ok: true; readonly png: Uint8Array; readonly removed: readonly RemovedPart[] }
  | { readonly ok: false; readonly code: 'unfit'; readonly reason: string }
  | { readonly ok: false; readonly code: 'too-large'; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly code: 'active'; readonly parts: readonly ActivePart[] }
  /** Others are being drawn: later it may be. */
  | { readonly ok: false; readonly code: 'busy' }

/** Draws and bakes badge images. */
export interface BadgeImages {
  /** A badge of 512 × 512 pixels, the same for the same seed: for an achievement without an image of its own. PNG. */
  draw(seed: string): Promise<Uint8Array>
  /** A badge of shape, colours and words, of 512 × 512 pixels, the same for the same input. `logo` is a PNG. PNG. */
  compose(look: BadgeLook, face: BadgeFace, logo?: Uint8Array): Promise<Uint8Array>
  /** What stands in this text and cannot be drawn, each once: the font has no picture of it. */
  undrawable(text: string): Promise<readonly string[]>
  /** Puts a credential into a PNG: one uncompressed iTXt chunk `openbadgecredential`. Throws `image-unfit`. */
  bakePng(png: Uint8Array, credential: string): Uint8Array
  /** An SVG that shows the PNG and holds the credential. */
  bakeSvg(png: Uint8Array, credential: string, title: string): Uint8Array
  /**
   * A PNG with the pixels of a picture that somebody brought, and nothing else of it. PNG, JPEG, WebP, GIF or SVG, of at most
   * 4096 × 4096 pixels; which of them shows in its bytes. What is drawn anew (all but PNG) is at most 1024 pixels wide and high.
   */
  clean(bytes: Uint8Array): Promise<CleanedPicture>
}
