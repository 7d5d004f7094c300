import { hexlify, SigningKey, TypedDataEncoder } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { seatsOf } from '#engine/attested-awards/attested-case.ts'
import { fromHex, type Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { AttestedChain, ChainCaseEvent } from '#services/ports/attested-chain.ts'
import type { ChainAddress } from '#services/ports/chain.ts'
import { attestedAward, requireAttestedAward } from './attested-award.ts'
import { askBytes, askObject, type Eip1193, whole } from './eip1193.ts'
import { quantityOf, readLogs } from './read-logs.ts'
import { estimateGas } from './relayer.ts'
import { type Finality, lastFinal } from './transaction-status.ts'

export interface AttestedChainNeeds {
  readonly provider: Eip1193
  readonly address: ChainAddress
  /** Of whoever will send: the contract judges a call by its sender too. */
  readonly relayer: Hex
  /** Default: the chain's `finalized` tag. */
  readonly finality?: Finality
}

const EVENTS = ['Attested', 'AttestationWithdrawn', 'Awarded'] as const

/** AttestedAward behind `services/ports/attested-chain.ts`. Asks nothing before it is used. */
export function createAttestedChain(needs: AttestedChainNeeds): AttestedChain {
  const { provider, address, finality = { kind: 'finalized' } } = needs
  const { relayer } = needs

  const view = async (method: string, values: readonly unknown[], block: string) => {
    const question = { to: address.contract, data: attestedAward.encodeFunctionData(method, values) }
    const answer = await askBytes(provider, 'eth_call', [question, block])
    try {
      return attestedAward.decodeFunctionResult(method, answer)
    } catch (error) {
      throw anchoringErrors.chainUnavailable({ method, reason: 'its answer cannot be read' }, error)
    }
  }

  return {
    address,
    relayer,
    require: () => requireAttestedAward(provider, address),

    call: (act, { rule, subject, criterion, attester, saidAt, deadline }, signature) => {
      const said = [criterion, attester, saidAt, deadline, hexlify(signature)]
      const [method, message] = act === 'attest' ? ['attest', [said]] : ['withdraw', said]
      return {
        to: address.contract,
        data: attestedAward.encodeFunctionData(method as string, [rule, subject, message]) as Hex,
      }
    },
    tryCall: async (call) => void (await estimateGas(provider, relayer, call)),
    sign: (key, { domain, types: { EIP712Domain: _, ...types }, message }) => {
      const digest = TypedDataEncoder.hash(domain, types as never, { ...message })
      return fromHex(new SigningKey(key).sign(digest).serialized) ?? new Uint8Array()
    },
    withdrawnUpTo: async (rule, subject, seat) => {
      const [upTo] = await view('withdrawnUpTo', [rule, subject, seat], 'latest')
      return upTo === 0n ? undefined : asInstant(Number(upTo) * 1000)
    },

    lastFinal: async () => {
      const block = await lastFinal(provider, finality)
      if (block < 0) return undefined
      const found = await askObject(provider, 'eth_getBlockByNumber', [quantityOf(block), false])
      return { block, time: asInstant(whole(found?.['timestamp'], 'eth_getBlockByNumber') * 1000) }
    },
    caseAt: async (rule, subject, block) => {
      const [awardedAt, standing] = await view('caseOf', [rule, subject], quantityOf(block))
      return {
        standing: seatsOf(standing as bigint),
        ...(awardedAt === 0n ? {} : { awardedAt: Number(awardedAt) }),
      }
    },
    events: (from, to) => readEvents(provider, address.contract, from, to),
  }
}

async function readEvents(
  provider: Eip1193,
  address: Hex,
  from: number,
  to: number,
): Promise<readonly ChainCaseEvent[]> {
  const topics = EVENTS.map((name) => attestedAward.getEvent(name)?.topicHash as Hex)
  const logs = await readLogs(provider, { address, topics: [topics] }, { from, to })
  const events: ChainCaseEvent[] = []
  for (const { topics, data, block } of logs) {
    const parsed = attestedAward.parseLog({ topics, data })
    if (parsed === null) continue
    const { rule, subject, criterion, attester } = parsed.args.toObject()
    const of = { rule, subject, block }
    if (parsed.name === 'Awarded') events.push({ ...of, kind: 'awarded', at: await timeOf(provider, block) })
    else {
      const kind = parsed.name === 'Attested' ? 'attested' : 'withdrawn'
      events.push({ ...of, kind, criterion: Number(criterion), attester })
    }
  }
  return events
}

/** In seconds since 1970. */
async function timeOf(provider: Eip1193, block: number): Promise<number> {
  const found = await askObject(provider, 'eth_getBlockByNumber', [quantityOf(block), false])
  return whole(found?.['timestamp'], 'eth_getBlockByNumber')
}
