import { createAgreeingProvider } from '#adapters/ethereum/agreeing-provider.ts'
import { codeAt, readChainId } from '#adapters/ethereum/contract-identity.ts'
import { askObject, type Eip1193 } from '#adapters/ethereum/eip1193.ts'
import type { Endpoint } from '#adapters/ethereum/endpoint-pool.ts'
import { createEndpointRecord, type EndpointRecord } from '#adapters/ethereum/endpoint-record.ts'
import { createRpcProvider } from '#adapters/ethereum/rpc-provider.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import type { Log } from '#services/ports/log.ts'
import { hostOf } from './start-checks.ts'
import { startErrors } from './start-errors.ts'

/** For one answer at the start. */
const PATIENCE_MS = 5 * SECOND_MS

export interface OpenEndpoints {
  readonly provider: Eip1193
  readonly chainId: number
  readonly record: EndpointRecord
}

/**
 * The endpoints of RPC_URL as one chain. Those that answer have to be on one chain, and to have the same code at the
 * contract's address; one that is down is let be as long as another answers. Throws StartError.
 */
export async function openEndpoints(
  urls: readonly string[],
  contract: Hex,
  log: Log,
): Promise<OpenEndpoints> {
  const endpoints = urls.map((url, at) => ({ name: nameOf(urls, at), provider: createRpcProvider({ url }) }))
  const record = createEndpointRecord(
    endpoints.map(({ name }) => name),
    { clock: systemClock, log },
  )
  const [only] = endpoints
  const provider =
    endpoints.length === 1 && only !== undefined
      ? only.provider
      : createAgreeingProvider({ endpoints, clock: systemClock, watch: record })
  const chainId = await checkEndpoints(urls, contract, record)
  return { provider, chainId, record }
}

/** Each by itself, and not for long: what is compared here is said with names. Gives the chain's number. */
async function checkEndpoints(
  urls: readonly string[],
  contract: Hex,
  record: EndpointRecord,
): Promise<number> {
  const endpoints: readonly Endpoint[] = urls.map((url, at) => ({
    name: nameOf(urls, at),
    provider: createRpcProvider({ url, timeoutMs: PATIENCE_MS }),
  }))
  const answers = await Promise.allSettled(
    endpoints.map(async ({ name, provider }) => ({
      name,
      chainId: await readChainId(provider),
      code: await codeAt(provider, contract),
    })),
  )
  for (const [at, answer] of answers.entries())
    if (answer.status === 'rejected')
      record.failed(endpoints[at]?.name ?? '', 'at the start', reasonOf(answer.reason))
  const said = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const [first] = said
  if (first === undefined) {
    const silence = answers.find((answer) => answer.status === 'rejected')?.reason
    throw startErrors.rpcUnreachable(
      endpoints.map(({ name }) => name),
      silence,
    )
  }
  if (said.some(({ chainId }) => chainId !== first.chainId))
    throw startErrors.endpointsDiffer(
      'the number of the chain',
      said.map(({ name, chainId }) => [name, String(chainId)]),
    )
  if (said.some(({ code }) => code !== first.code))
    throw startErrors.endpointsDiffer(
      `the code at ${contract}`,
      said.map(({ name, code }) => [name, code]),
    )
  return first.chainId
}

/** Makes sure that the chain names final blocks, where nothing else says what is final. Throws StartError. */
export async function checkFinality(provider: Eip1193, urls: readonly string[]): Promise<void> {
  const host = urls.map((_, at) => nameOf(urls, at)).join(', ')
  const block = await askObject(provider, 'eth_getBlockByNumber', ['finalized', false]).catch(
    (error: unknown) => {
      throw startErrors.noFinality(host, error)
    },
  )
  if (block === undefined) throw startErrors.noFinality(host)
}

/** The host, and a number where two endpoints are at one. */
function nameOf(urls: readonly string[], at: number): string {
  const hosts = urls.map(hostOf)
  const host = hosts[at] ?? ''
  return hosts.indexOf(host) === hosts.lastIndexOf(host) ? host : `${host} (${at + 1})`
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'no reason')
