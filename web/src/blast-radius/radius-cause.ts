import type { RadiusCause } from '#web/api/wire.ts'

export const CAUSE_KINDS = ['event', 'source', 'rule_version', 'assessor', 'key'] as const
export type CauseKind = RadiusCause['kind']

/** What is asked about, as the address of the page says it. */
export function readCause(query: URLSearchParams): RadiusCause | undefined {
  const kind = CAUSE_KINDS.find((each) => each === query.get('kind'))
  const id = query.get('id')?.trim() ?? ''
  return kind === undefined || id === '' ? undefined : { kind, id }
}

/** Where the page about it is. */
export const radiusPage = (slug: string, { kind, id }: RadiusCause): string =>
  `/console/${slug}/blast-radius?${new URLSearchParams({ kind, id })}`
