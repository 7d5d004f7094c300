import { isCelError, isCelList, isCelMap, isCelType, isCelUint } from '@bufbuild/cel'
import { formatDuration, formatTimestamp, NANOS_PER_S, timestampOf } from '#engine/cel/moment.ts'
import { CelDuration, CelFailure } from '#engine/cel/value.ts'

/** A result of the library in the words of `textOf`; every error is `failure`. */
export function libraryText(value: unknown): string {
  if (isCelError(value)) return 'failure'
  if (typeof value === 'bigint') return `${value}`
  if (typeof value === 'number') return `double ${Object.is(value, -0) ? 0 : value}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'boolean' || value === null) return String(value)
  if (isCelUint(value)) return `${value.value}u`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (isCelType(value)) return `type ${value.name}`
  if (isCelList(value)) return `[${[...value].map(libraryText).join(', ')}]`
  if (isCelMap(value)) {
    const entries = [...value].map(([key, item]) => `${libraryText(key)}: ${libraryText(item)}`)
    return `{${entries.sort().join(', ')}}`
  }
  return momentText(value)
}

function momentText(value: unknown): string {
  const { message } = value as { message: { $typeName: string; seconds: bigint; nanos: number } }
  const nanos = message.seconds * NANOS_PER_S + BigInt(message.nanos)
  if (message.$typeName === 'google.protobuf.Duration')
    return `duration ${formatDuration(new CelDuration(nanos))}`
  const moment = timestampOf(nanos)
  return moment instanceof CelFailure ? 'failure' : `timestamp ${formatTimestamp(moment)}`
}
