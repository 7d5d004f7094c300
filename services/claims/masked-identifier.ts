import type { Identifier } from '#engine/events/identifier.ts'

/** An address as strangers may see it: `s•••@example.org`. */
export function maskedIdentifier({ type, value }: Identifier): string {
  if (type !== 'email' && type !== 'eppn') return `${type}:${value.slice(0, 2)}•••`
  const [name = '', domain = ''] = value.split('@')
  return `${name.slice(0, 1)}•••@${domain}`
}
