import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import type { Principal } from '#engine/access/rights.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AccountId, DirectAwardId } from '#engine/shared/ids.ts'
import type { Visitor } from '#services/claims/claim-badges.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'
import { startWebhookReceiver, type WebhookReceiver } from '#test/product/webhook-receiver.ts'

// Everything that can happen to one direct award, at once and from two processes.

let product: TestProduct
let school: TestOrganisation
let achievementId: string
let receiver: WebhookReceiver
let compositions: readonly Product[]
/** One whose clock is past the end of every offer. */
let late: Product
let learner: Visitor
let other: Visitor
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('race-school')
  ;({ achievementId } = await setUpFirstAid(school.api, 'race-academy'))
  receiver = await startWebhookReceiver()
  await school.api.post('/v1/webhooks', {
    url: receiver.url,
    description: 'X',
    eventTypes: ['direct_award.*', 'credential.*'],
  })
  compositions = [product.running.product, composeAgain(product, {})]
  const clock = setClock()
  clock.advance(100 * DAY_MS)
  late = composeAgain(product, { clock })
  learner = await visitor('racer@example.org')
  other = await visitor('runner@example.org')
})
afterAll(async () => {
  await product?.stop()
  await receiver?.close()
})

const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)

async function visitor(address: string): Promise<Visitor> {
  await signedIn(product, address)
  const [row] = await sql(
    `SELECT session.id::text AS session, session.account_id::text AS account FROM session
     JOIN account_identity identity USING (account_id) WHERE identity.value = $1`,
    [address],
  )
  return { accountId: row.account as AccountId, sessionId: row.session }
}

const KINDS = [
  'link',
  'mine',
  'code',
  'reject',
  'revoke',
  'change',
  'delete',
  'undo',
  'resend',
  'expire',
] as const
type Kind = (typeof KINDS)[number]

interface Offer {
  readonly id: DirectAwardId
  readonly code: string
  readonly token: string
}

let offers = 0
/** To an address that the learner has proven, and the other one has not. */
async function offer(): Promise<Offer> {
  const address = `race${++offers}@example.org`
  await sql(
    `INSERT INTO account_identity (id, account_id, type, value) VALUES (gen_random_uuid(), $1, 'email', $2)`,
    [learner.accountId, address],
  )
  const made = await school.api.post('/v1/direct-awards', { achievementId, identifier: address })
  const mail = await product.inbox.waitFor(address, 20_000)
  return {
    id: made.body.directAward.id,
    code: made.body.awardCode,
    token: /\/claim#([\w-]+)/.exec(mail.text)?.[1] ?? '',
  }
}

/** Does one thing by one of the compositions. Whatever is refused, is refused with a code. */
async function act(
  { routes, steps }: Product,
  kind: Kind,
  { id, code, token }: Offer,
  n: number,
): Promise<void> {
  const who: Principal = OPERATOR
  const { directAwards, directAwardClaims, claims } = routes
  const calls: Readonly<Record<Kind, () => Promise<unknown>>> = {
    link: () => claims.accept(token, learner),
    mine: () => directAwardClaims.claimMine(learner, id),
    code: () => directAwardClaims.claimByCode(n % 2 === 0 ? learner : other, code),
    reject: () => claims.reject(token),
    revoke: () => directAwards.revoke(who, school.id, id, { reason: 'A mistake.' }),
    change: async () => {
      const { revision } = await directAwards.find(who, school.id, id)
      await directAwards.change(who, school.id, id, revision, { message: `Message ${n}` })
    },
    delete: () => directAwards.delete(who, school.id, id),
    undo: () => directAwards.undo(who, school.id, id),
    resend: () => directAwards.resend(who, school.id, id),
    expire: async () => {
      await sql(
        `UPDATE direct_award SET expires_at = now() - interval '1 second', next_at = now() WHERE id = $1 AND state = 'unaccepted'`,
        [id],
      )
      await steps.direct_awards()
    },
  }
  await calls[kind]().catch((error: unknown) => {
    if (!(error instanceof WaarmerkError)) throw error
    expect([kind, error.code]).toEqual([
      kind,
      expect.stringMatching(
        /^(?:claim-over|claim-mismatch|direct-award-state|direct-award-undo-over|precondition-failed|sent-too-often|conflict|not-found)$/,
      ),
    ])
  })
}

/** That all that is written about it says the same. */
async function assertOne({ id }: Offer): Promise<string> {
  const [row] = await sql(`SELECT * FROM direct_award WHERE id = $1`, [id])
  const wasClaimed = row.claimed_at !== null
  const awards = await sql('SELECT id, state FROM award WHERE id = $1', [row.award_id])
  expect(awards).toHaveLength(wasClaimed ? 1 : 0)
  const credentials = await sql('SELECT 1 FROM credential WHERE award_id = $1', [row.award_id])
  expect(credentials).toHaveLength(wasClaimed ? 1 : 0)
  if (wasClaimed) expect(awards[0].state === 'revoked').toBe(row.state === 'revoked')
  const claims = await sql('SELECT state FROM claim WHERE award_id = $1', [row.award_id])
  expect(claims).toEqual(wasClaimed ? [{ state: 'claimed' }] : [])

  // The trail and the webhooks know the same moves, each once.
  const open = row.state === 'unaccepted'
  const moves = [...(wasClaimed ? ['claimed'] : []), ...(open || row.state === 'claimed' ? [] : [row.state])]
  const actions = (await sql('SELECT action FROM audit WHERE target_id = $1', [id]))
    .map(({ action }) => action.replace('direct_award.', '').replace('undone', 'deleted'))
    .filter((action) => ['claimed', 'rejected', 'revoked', 'expired', 'deleted'].includes(action))
  expect(actions.sort()).toEqual([...moves].sort())
  await vi.waitFor(
    () =>
      expect(
        receiver.received
          .filter(({ payload }) => payload.data['directAwardId'] === id)
          .map(({ payload }) => payload.type)
          .sort(),
      ).toEqual(['scheduled', 'sent', ...moves].map((state) => `direct_award.${state}`).sort()),
    { timeout: 20_000, interval: 50 },
  )
  return row.state
}

test('50 calls at once, in two processes: one ending, and one credential where it was claimed', async () => {
  const states = new Set<string>()
  for (const kinds of [
    KINDS,
    ['link', 'code', 'reject', 'delete', 'mine'],
    ['code', 'revoke'],
    KINDS,
  ] as const) {
    const offered = await offer()
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        act(compositions[n % 2] as Product, kinds[(n * 7) % kinds.length] as Kind, offered, n),
      ),
    )
    states.add(await assertOne(offered))
  }
  expect([...states].filter((state) => state === 'scheduled')).toEqual([])
})

test('whatever is done in whatever order, by either process, nothing contradicts another thing', async () => {
  const sequence = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.nat(1)), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const offered = await offer()
      for (const [n, [kind, at]] of steps.entries()) await act(compositions[at] as Product, kind, offered, n)
      await assertOne(offered)
    }),
    { numRuns: 6 },
  )
})

test('what nobody claimed in the end expires, once', async () => {
  const offered = await offer()
  await Promise.all([late.steps.direct_awards(), late.steps.direct_awards()])
  expect(await assertOne(offered)).toBe('expired')
})
