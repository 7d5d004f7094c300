import type { BadgeFace, BadgeLook } from './badge-picture.ts'

/** All that a drawn picture was made of: kept with it, so that its author can go on from there. */
export interface BadgeDesign extends BadgeLook, BadgeFace {
  /** SHA-256 of a stored PNG, in hexadecimal. */
  readonly logo?: string
}
