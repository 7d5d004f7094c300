import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { AnchorSummary } from './verification-report.ts'

/** Of when something was read on a chain, and in which block. */
export const asOfBlock = ({ asOfBlock: block }: AnchorSummary, time: Instant): string =>
  `${formatInstant(time)}${block === undefined ? '' : `, block ${block}`}`
