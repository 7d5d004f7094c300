import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Hex } from '#engine/shared/bytes.ts'

/** The way to any chain, embedded or remote (EIP-1193). Its answers are not to be trusted. */
export interface Eip1193 {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>
}

/** What a node answered instead of a result. */
export interface NodeFault {
  readonly message: string
  /** What a reverted call returned, where the node says it. */
  readonly data?: Hex
}

/** Asks the chain; whatever goes wrong is `chain-unavailable`. */
export async function ask(
  provider: Eip1193,
  method: string,
  params: readonly unknown[] = [],
): Promise<unknown> {
  try {
    return await provider.request({ method, params })
  } catch (error) {
    throw asUnavailable(error, method)
  }
}

/** Asks for a number: at most 2^256. */
export async function askQuantity(
  provider: Eip1193,
  method: string,
  params: readonly unknown[] = [],
): Promise<bigint> {
  return quantity(await ask(provider, method, params), method)
}

/** Asks for bytes. */
export async function askBytes(
  provider: Eip1193,
  method: string,
  params: readonly unknown[] = [],
): Promise<Hex> {
  return bytes(await ask(provider, method, params), method)
}

/** Asks for an object, or undefined where the chain knows none. */
export async function askObject(
  provider: Eip1193,
  method: string,
  params: readonly unknown[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const answer = await ask(provider, method, params)
  if (answer === null || answer === undefined) return undefined
  if (typeof answer !== 'object') throw nonsense(method, 'not an object')
  return answer as Readonly<Record<string, unknown>>
}

export function quantity(value: unknown, method: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw nonsense(method, 'not a number')
  return BigInt(value)
}

/** A number that must be exact in JavaScript: a block number, a time, a nonce. */
export function whole(value: unknown, method: string): number {
  const number = Number(quantity(value, method))
  if (!Number.isSafeInteger(number)) throw nonsense(method, 'a number out of range')
  return number
}

export function bytes(value: unknown, method: string): Hex {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) throw nonsense(method, 'not bytes')
  return value as Hex
}

export function asUnavailable(error: unknown, method: string): WaarmerkError {
  if (error instanceof WaarmerkError) return error
  return anchoringErrors.chainUnavailable({ method, reason: faultOf(error).message }, error)
}

/** Reads what a node's error says; nodes differ in where they put it. */
export function faultOf(error: unknown): NodeFault {
  const message = error instanceof Error ? error.message : String(error)
  const data = dataOf(error)
  return { message: message.slice(0, 300), ...(data === undefined ? {} : { data }) }
}

function dataOf(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined
  const { data } = error
  if (typeof data === 'string' && /^0x(?:[0-9a-fA-F]{2})+$/.test(data)) return data as Hex
  return dataOf(data)
}

const nonsense = (method: string, reason: string): WaarmerkError =>
  anchoringErrors.chainUnavailable({ method, reason: `its answer is ${reason}` })
