import { errors } from '#engine/errors/catalogue.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'

/** `claim-over`: what was claimed is seen by whoever claimed it; of anything else nothing can be done by the earner. */
export const claimOver = (state: string): WaarmerkError =>
  errors.claimOver({ state, possible: state === 'claimed' ? ['sign_in'] : [] })
