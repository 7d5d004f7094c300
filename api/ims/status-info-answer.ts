import type { WaarmerkError } from '#engine/errors/define-error.ts'
import { type StatusInfo, statusInfo } from '#engine/open-badges-api/status-info.ts'

/** Where the Open Badges API stands: its version is part of its address. */
export const OPEN_BADGES_PATH = '/ims/ob/v3p0'

/** Below it nothing is answered by a problem document. */
export const isOpenBadgesPath = (url: string): boolean => /^\/ims\/ob\/v3p0(?:[/?]|$)/.test(url)

/** The statuses that the API may refuse with. Whatever else is the caller's fault is a bad request. */
const STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 415, 429, 500, 503])

/** Words a refusal as the API wants it. */
export function statusInfoOf({ status, message, parameters }: WaarmerkError): {
  readonly status: number
  readonly body: StatusInfo
} {
  const told = STATUSES.has(status) ? status : status >= 500 ? 500 : 400
  const { parameter } = parameters as { parameter?: unknown }
  return {
    status: told,
    body: statusInfo(told, message, typeof parameter === 'string' ? parameter : undefined),
  }
}
