import { id, Wallet } from 'ethers'
import { expect } from 'vitest'
import type { ApiCaller } from './api-caller.ts'

/** An account whose key the product never sees: it signs typed data as any wallet does. */
export interface Attester {
  readonly address: string
  /** Signs typed data as it came, also in the name of somebody else; gives the body that has it delivered. */
  // biome-ignore lint/suspicious/noExplicitAny: typed data of either kind, as the API gave it
  sign(data: any, inTheNameOf?: string): Promise<SignedBody>
}

export interface SignedBody {
  readonly criterion: number
  readonly attester: string
  readonly saidAt: number
  readonly deadline: number
  readonly signature: string
}

export function createAttester(name: string): Attester {
  const wallet = new Wallet(id(`attester ${name}`))
  return {
    address: wallet.address,
    sign: async (data, inTheNameOf = wallet.address) => {
      const { EIP712Domain: _, ...types } = data.types
      const { criterion, attestedAt, withdrawnAt, deadline } = data.message
      return {
        criterion,
        attester: inTheNameOf,
        saidAt: attestedAt ?? withdrawnAt,
        deadline,
        signature: await wallet.signTypedData(data.domain, types, data.message),
      }
    },
  }
}

/** An on-chain rule of an hour each way; one criterion for each of these addresses, all of which must be met. */
export const attestedRule = (issuerId: string, attesters: readonly string[], over: object = {}) => ({
  issuerId,
  name: 'Cross-campus maker',
  achievement: `0x${'5a'.repeat(32)}`,
  threshold: attesters.length,
  opensAt: hoursFromNow(-1),
  closesAt: hoursFromNow(1),
  criteria: attesters.map((address, at) => ({ says: `Criterion ${at}.`, attesters: [address] })),
  ...over,
})

const hoursFromNow = (hours: number) =>
  new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+/, '')

/** A rule with one attester of ours and one person in it. */
export async function setUpAttested(
  api: ApiCaller,
  issuerId: string,
  subject: string,
  attesters: readonly string[],
): Promise<{ readonly ruleId: string; readonly caseId: string; readonly path: string }> {
  const rule = await api.post('/v1/attested-rules', attestedRule(issuerId, attesters))
  const entered = await api.post(`/v1/attested-rules/${rule.body.id}/subjects`, { subject })
  expect([rule.status, entered.status]).toEqual([201, 201])
  const [ruleId, caseId] = [rule.body.id, entered.body.id]
  return { ruleId, caseId, path: `/v1/attested-rules/${ruleId}/subjects/${caseId}` }
}
