import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { type Eip1193, faultOf } from './eip1193.ts'
import { type Answer, type Call, EndpointPool, type EndpointPoolNeeds } from './endpoint-pool.ts'

type Value = Extract<Answer, { value: unknown }>

/**
 * Several endpoints of one chain as one. What says that something is on chain is believed only when no endpoint that
 * answers contradicts; what is sent is sent to all; what can differ for honest reasons is read on the careful side (the
 * lowest height, the lowest nonce); the rest comes from whoever answers. One that fails is left alone for a while.
 */
export function createAgreeingProvider(needs: EndpointPoolNeeds): Eip1193 {
  const { watch } = needs
  const pool = new EndpointPool(needs)

  return {
    request: async (call) => {
      switch (call.method) {
        case 'eth_getTransactionReceipt':
          return receipt(call)
        case 'eth_getBlockByNumber':
          return /^0x/.test(String(call.params?.[0])) ? blockAt(call) : lowestBlock(call)
        case 'eth_getTransactionByHash':
          return (await values(call)).find(isSomething)?.value ?? null
        case 'eth_getTransactionCount':
        case 'eth_blockNumber':
          return lowestOf(await values(call), (value) => value)?.value
        case 'eth_chainId':
        case 'eth_call':
        case 'eth_getCode':
        case 'eth_getBalance':
        case 'eth_getStorageAt':
        case 'eth_getLogs':
          return same(call)
        // Sending is one of them: one that takes it is enough.
        default:
          return anyOf(call)
      }
    },
  }

  /** Of all that are asked the first with a result. What is sent reaches all of them all the same. */
  async function anyOf(call: Call): Promise<unknown> {
    const reasons: unknown[] = []
    for (const group of pool.groups()) {
      try {
        return await Promise.any(group.map(async (endpoint) => resultOf(await pool.ask(endpoint, call))))
      } catch (error) {
        reasons.push(...(error as AggregateError).errors)
      }
      // Who has refused has answered: there is no need of those that rest.
      if (reasons.some(isSpoken)) break
    }
    throw reasons.find(isSpoken) ?? reasons[0]
  }

  /** Whoever has no receipt may be behind; whoever has that block, or another one in its place, contradicts. */
  async function receipt(call: Call): Promise<unknown> {
    const answers = await values(call)
    const found = answers.filter(isSomething)
    const [one] = found
    if (one === undefined) return null
    const differs = new Set(found.map(({ value }) => receiptKey(value))).size > 1
    if (!differs && found.length === answers.length) return one.value
    if (differs || (await hasReached(answers, memberOf(one.value, 'blockNumber'))))
      tell(call.method, answers, receiptKey)
    return null
  }

  async function hasReached(answers: readonly Value[], height: unknown): Promise<boolean> {
    const call = { method: 'eth_getBlockByNumber', params: [height, false] }
    const blocks = await Promise.all(
      answers
        .filter((answer) => !isSomething(answer))
        .map(({ from }) => pool.ask(from, call).catch(() => undefined)),
    )
    return blocks.some((answer) => answer !== undefined && 'value' in answer && isSomething(answer))
  }

  /** A block counts when everybody has it. */
  async function blockAt(call: Call): Promise<unknown> {
    const answers = await values(call)
    const known = answers.filter(isSomething)
    if (new Set(known.map(({ value }) => hashKey(value))).size > 1) {
      tell(call.method, answers, hashKey)
      return null
    }
    return known.length === answers.length ? known[0]?.value : null
  }

  /** Of `latest` and `finalized`: an endpoint that is ahead proves nothing. */
  async function lowestBlock(call: Call): Promise<unknown> {
    return lowestOf(await values(call), (block) => memberOf(block, 'number'))?.value ?? null
  }

  /** What everybody has to say alike. At the head endpoints may be a block apart: then at the lowest of their heads. */
  async function same(call: Call): Promise<unknown> {
    let answers = await pool.askAll(call)
    if (!agree(call.method, answers) && call.params?.includes('latest') === true) {
      const heads = await values({ method: 'eth_blockNumber', params: [] })
      const head = lowestOf(heads, (value) => value)?.value
      const params = call.params.map((each) => (each === 'latest' ? head : each))
      answers = await pool.askAll({ method: call.method, params })
    }
    if (!agree(call.method, answers)) {
      tell(call.method, answers, (value) => contentKey(call.method, value))
      throw anchoringErrors.chainUnavailable({ method: call.method, reason: 'its endpoints disagree' })
    }
    return resultOf(answers.find(saysSomething) ?? answers[0])
  }

  /** Throws what they say where none has a result. */
  async function values(call: Call): Promise<readonly Value[]> {
    const answers = await pool.askAll(call)
    const found = answers.filter((answer) => 'value' in answer)
    if (found.length === 0) resultOf(answers[0])
    return found
  }

  function tell(method: string, answers: readonly Answer[], key: (value: unknown) => string): void {
    const said = answers.map((answer) => [
      answer.from.name,
      'value' in answer ? key(answer.value).slice(0, 200) : faultOf(answer.fault).message,
    ])
    watch.disagreed(method, Object.fromEntries(said))
  }
}

function resultOf(answer: Answer | undefined): unknown {
  if (answer !== undefined && 'value' in answer) return answer.value
  throw answer?.fault
}

const isSomething = ({ value }: Value): boolean => value !== null && value !== undefined

/** Not of one that was silent. */
const isSpoken = (reason: unknown): boolean => !(reason instanceof WaarmerkError)

/** A result, or the revert of a call; not a fault such as "I have no state of that block", which contradicts nobody. */
const saysSomething = (answer: Answer): boolean =>
  'value' in answer ||
  faultOf(answer.fault).data !== undefined ||
  /revert/i.test(faultOf(answer.fault).message)

function agree(method: string, answers: readonly Answer[]): boolean {
  const said = answers
    .filter(saysSomething)
    .map((answer) =>
      'value' in answer
        ? contentKey(method, answer.value)
        : `reverted with ${faultOf(answer.fault).data ?? 'no reason'}`,
    )
  return new Set(said).size <= 1
}

function lowestOf(answers: readonly Value[], number: (value: unknown) => unknown): Value | undefined {
  const valid = answers.filter(({ value }) => /^0x[0-9a-f]{1,64}$/i.test(String(number(value))))
  return valid.reduce<Value | undefined>(
    (least, each) =>
      least === undefined || BigInt(String(number(each.value))) < BigInt(String(number(least.value)))
        ? each
        : least,
    undefined,
  )
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

const keyOf = (...parts: readonly unknown[]): string => JSON.stringify(parts).toLowerCase()

const hashKey = (block: unknown): string => keyOf(memberOf(block, 'hash'))

const receiptKey = (receipt: unknown): string =>
  keyOf(
    memberOf(receipt, 'transactionHash'),
    memberOf(receipt, 'blockHash'),
    memberOf(receipt, 'blockNumber'),
    memberOf(receipt, 'status'),
  )

/** Nodes add members of their own to logs. */
function contentKey(method: string, value: unknown): string {
  if (method !== 'eth_getLogs' || !Array.isArray(value)) return keyOf(value)
  return keyOf(
    ...value.map((log) =>
      ['address', 'topics', 'data', 'blockHash', 'logIndex'].map((name) => memberOf(log, name)),
    ),
  )
}
