import type { Wallet } from 'ethers'
import type { Caller } from '../people/caller.ts'
import type { Operator } from '../people/operator.ts'
import { type AwardView, until } from '../product-client.ts'

/** A case, as far as the demo looks at it. */
export interface CaseView {
  readonly state: string
  readonly missing: number
  readonly commitment: string
  readonly messages: readonly { readonly state: string; readonly transaction: string | null }[]
}

/** One of the organisations that grant together, with the key of its attester. */
export interface Granting {
  readonly name: string
  /** The name of the rule on chain. */
  readonly hash: string
  /** Makes the badge, and the rule that awards it to whom the contract has awarded. */
  readonly badgeOnAward: () => Promise<void>
  /** Enters a person into the rule; gives the commitment that stands for them. */
  readonly enter: (subject: string, salt?: string) => Promise<string>
  readonly commitment: () => string
  readonly open: () => Promise<{ readonly salt: string }>
  /** Signs and has it delivered; gives the status. */
  readonly attest: (criterion: number) => Promise<number>
  readonly withdraw: (criterion: number) => Promise<number>
  /** Delivers what the key of somebody else has signed in its name. */
  readonly attestWith: (other: Granting, criterion: number) => Promise<readonly [number, string]>
  readonly until: (isSo: (view: CaseView) => boolean) => Promise<CaseView>
  readonly awards: () => Promise<readonly AwardView[]>
  readonly wallet: Signer
}

type Signer = Pick<Wallet, 'address' | 'signTypedData'>

/** Founds an organisation with an issuer, and registers the rule in it. */
export async function found(
  operator: Operator,
  slug: string,
  wallet: Signer,
  rule: object,
): Promise<Granting> {
  const owner = await operator.signIn(`owner@${slug}.example.org`)
  await made(owner, '/v1/organisations', { slug, name: slug })
  const issuer = await made(owner, '/v1/issuers', { slug: `${slug}-issuer`, name: `Issuer ${slug}` })
  const registered = await made(owner, '/v1/attested-rules', { ...rule, issuerId: issuer.id })
  const subjects = `/v1/attested-rules/${registered.id}/subjects`
  let entered: { readonly id: string; readonly commitment: string; readonly subjectId: string } | undefined
  const current = () => {
    if (entered === undefined) throw new Error('Nobody is entered yet.')
    return { ...entered, path: `${subjects}/${entered.id}` }
  }

  const deliver = async (act: 'attest' | 'withdraw', criterion: number, by: Signer) => {
    const { path } = current()
    const { address } = wallet
    const data = await owner.get(`${path}/typed-data?act=${act}&criterion=${criterion}&attester=${address}`)
    const { domain, types, message } = data.body
    const { EIP712Domain: _, ...own } = types
    return owner.post(`${path}/${act === 'attest' ? 'attestations' : 'withdrawals'}`, {
      criterion,
      attester: address,
      saidAt: message.attestedAt ?? message.withdrawnAt,
      deadline: message.deadline,
      signature: await by.signTypedData(domain, own, message),
    })
  }

  return {
    name: slug,
    hash: registered.hash,
    wallet,
    badgeOnAward: async () => {
      const achievement = await made(owner, '/v1/achievements', {
        issuerId: issuer.id,
        slug: 'cross-campus-maker',
        definition: {
          name: { en: 'Cross-campus maker', nl: 'Maker op drie campussen' },
          description: { en: 'Made something on three campuses.', nl: 'Maakte iets op drie campussen.' },
          criteria: { en: 'Designed, built and shown.', nl: 'Ontworpen, gebouwd en getoond.' },
        },
      })
      await owner.post(`/v1/achievements/${achievement.id}/versions/1/publish`)
      const document = {
        schema: 'waarmerk-rule/1',
        achievement: 'cross-campus-maker',
        occurrence: { kind: 'once' },
        recipient: 'event.actor',
        when: { attested: registered.hash },
      }
      const { id } = await made(owner, '/v1/rules', { name: 'Cross-campus maker', document })
      await owner.post(`/v1/rules/${id}/versions/1/activate`)
    },
    enter: async (subject, salt) => {
      entered = await made(owner, subjects, { subject, ...(salt === undefined ? {} : { salt }) })
      return current().commitment
    },
    commitment: () => current().commitment,
    open: async () => (await owner.post(`${current().path}/opening`)).body,
    attest: async (criterion) => (await deliver('attest', criterion, wallet)).status,
    withdraw: async (criterion) => (await deliver('withdraw', criterion, wallet)).status,
    attestWith: async (other, criterion) => {
      const { status, body } = await deliver('attest', criterion, other.wallet)
      return [status, body.code]
    },
    until: (isSo) =>
      until(async () => {
        const view: CaseView = (await owner.get(current().path)).body
        return isSo(view) ? view : undefined
      }, `the case of ${slug} is so`),
    awards: async () => (await owner.get(`/v1/awards?subjectId=${current().subjectId}`)).body.items,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function made(caller: Caller, path: string, body: object): Promise<any> {
  const answer = await caller.post(path, body)
  if (answer.status === 201) return answer.body
  throw new Error(`POST ${path}: ${answer.status} ${answer.body?.code}: ${answer.body?.detail}`)
}
