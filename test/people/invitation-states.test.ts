import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Product } from '#app/compose.ts'
import { type InvitationState, isOverdue } from '#engine/access/invitation-state.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AccountId, UnitId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Invitation } from '#services/ports/invitation-store.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

// One address, one unit; people and administrators who press at once, in two processes, while time goes by.

let product: TestProduct
let school: TestOrganisation
let clock: SetClock
let processes: readonly Product[]
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('state-school')
  clock = setClock()
  processes = [composeAgain(product, { clock }), composeAgain(product, { clock })]
})
afterAll(() => product?.stop())

const KINDS = ['invite', 'accept', 'decline', 'withdraw', 'resend', 'look', 'sweep'] as const
type Kind = (typeof KINDS)[number]
interface Press {
  readonly kind: Kind
  readonly process: number
}
/** What happens at once, and how many days go by before it. */
interface Round {
  readonly days: number
  readonly presses: readonly Press[]
}

const press = fc.record({ kind: fc.constantFrom(...KINDS), process: fc.nat({ max: 1 }) })
const rounds = (most: number) =>
  fc.array(
    fc.record({
      days: fc.constantFrom(0, 0, 0, 5, 15),
      presses: fc.array(press, { minLength: 1, maxLength: most }),
    }),
    { minLength: 1, maxLength: 8 },
  )

/** What a press may be refused with, whatever the others do at the same time. */
const REFUSALS: Readonly<Record<Kind, readonly string[]>> = {
  invite: ['invitation-open', 'already-member'],
  accept: ['invitation-closed', 'invitation-unknown', 'already-member'],
  decline: ['invitation-closed', 'invitation-unknown'],
  withdraw: ['invitation-closed'],
  resend: ['invitation-closed', 'sent-too-often'],
  look: [],
  sweep: [],
}

/** A stage of its own for one run: a fresh group, an address, and the person behind it. */
async function stage() {
  const [first] = processes
  if (first === undefined) throw new Error('There is no process.')
  const address = `${crypto.randomUUID()}@example.org`
  const { database } = product.running.parts
  const accountId = await database.asWorker((stores) =>
    stores.access.accountOf({ type: 'email', value: address }, crypto.randomUUID() as AccountId),
  )
  const { unit } = await first.routes.units.create(OPERATOR, school.id, { name: address })
  const sessionId = crypto.randomUUID()
  await database.asWorker((stores) =>
    stores.access.insertSession({
      id: sessionId,
      accountId,
      scope: 'full',
      tokenHash: randomBytes(32),
      createdAt: asInstant(Date.now()),
      expiresAt: asInstant(Date.now() + 3650 * DAY_MS),
    }),
  )
  const person = { kind: 'session', accountId, sessionId, grants: [] } as const
  const books = () =>
    database.asWorker(async (stores) => {
      const page = await stores.invitations.list(school.id, [unit.id], undefined, { limit: 100 })
      return [...page.items].reverse()
    })
  const memberships = () => database.asWorker((stores) => stores.memberships.ofAccount(school.id, accountId))
  const newestToken = async (): Promise<string> => {
    const mails = await database.asWorker((stores) => stores.mail.list(school.id, { limit: 100 }))
    const mail = mails.items.find(({ to }) => to === address)
    return /#([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? 'x'.repeat(43)
  }
  return { address, unitId: unit.id, person, books, memberships, newestToken }
}

/** Presses, and answers the code of the refusal, or `done`. */
async function pressed(
  { kind, process }: Press,
  on: {
    readonly address: string
    readonly unitId: UnitId
    readonly person: Parameters<Product['routes']['answerInvitations']['accept']>[0]
    readonly token: string
    readonly newest: Invitation | undefined
  },
): Promise<string> {
  const pressing = processes[process] ?? processes[0] ?? fail()
  const { invitations, answerInvitations } = pressing.routes
  const { address, unitId, newest, token } = on
  try {
    if (kind === 'invite')
      await invitations.invite(OPERATOR, school.id, {
        address,
        unitId,
        wanted: { rights: ['read'] },
        language: 'en',
      })
    else if (kind === 'accept') await answerInvitations.accept(on.person, token)
    else if (kind === 'decline') await answerInvitations.decline(token)
    else if (kind === 'look') await invitations.list(OPERATOR, school.id, undefined, { limit: 1 })
    else if (kind === 'sweep') await pressing.steps.expire()
    else if (newest === undefined) return 'done'
    else if (kind === 'withdraw') await invitations.withdraw(OPERATOR, school.id, newest.id)
    else await invitations.sendAgain(OPERATOR, school.id, newest.id)
    return 'done'
  } catch (error) {
    if (error instanceof WaarmerkError) return error.code
    throw error
  }
}

function fail(): never {
  throw new Error('There is no process.')
}

test('whoever presses what at once: closed once and for good, one open at a time, a member by one acceptance', async () => {
  await fc.assert(
    fc.asyncProperty(rounds(7), async (all) => {
      const { books, memberships, newestToken, ...on } = await stage()
      let accepted = 0
      for (const { days, presses } of all) {
        clock.advance(days * DAY_MS)
        const before = await books()
        const at = { ...on, token: await newestToken(), newest: before.at(-1) }
        const answers = await Promise.all(presses.map((each) => pressed(each, at)))
        const after = await books()

        presses.forEach(({ kind }, n) => {
          expect(['done', ...REFUSALS[kind]]).toContain(answers[n])
        })
        // Nothing that was closed changed, in any word.
        for (const one of before.filter(({ state }) => state !== 'open'))
          expect(after.find(({ id }) => id === one.id)).toEqual(one)
        expect(after.filter(({ state }) => state === 'open').length).toBeLessThanOrEqual(1)
        // As many members as acceptances: one, whoever pressed how often.
        accepted += done(presses, answers, 'accept')
        expect(after.filter(({ state }) => state === 'accepted')).toHaveLength(accepted)
        expect(await memberships()).toHaveLength(accepted)
        expect(accepted).toBeLessThanOrEqual(1)
        // Who was told that it is closed closed it.
        const fresh = (state: InvitationState) =>
          after.filter((one) => one.state === state).length -
          before.filter((one) => one.state === state).length
        expect(done(presses, answers, 'decline')).toBe(fresh('declined'))
        if (fresh('withdrawn') > 0) expect(done(presses, answers, 'withdraw')).toBeGreaterThan(0)
        expect(after.length - before.length).toBe(done(presses, answers, 'invite'))
      }
    }),
    { numRuns: 25 },
  )
}, 180_000)

const done = (presses: readonly Press[], answers: readonly string[], kind: Kind): number =>
  presses.filter((each, n) => each.kind === kind && answers[n] === 'done').length

/** What an invitation is by the clock, and what each press leads to: the state machine, written down. */
function expected(
  kind: Kind,
  newest: Invitation | undefined,
  isMember: boolean,
): readonly [string, InvitationState | undefined] {
  const state = newest === undefined ? undefined : isOverdue(newest, clock.now()) ? 'expired' : newest.state
  if (kind === 'look' || kind === 'sweep') return ['done', state]
  if (kind === 'invite') {
    if (state === 'open') return ['invitation-open', state]
    return isMember ? ['already-member', state] : ['done', 'open']
  }
  if (state === undefined)
    return [kind === 'accept' || kind === 'decline' ? 'invitation-unknown' : 'done', undefined]
  if (kind === 'withdraw' && state === 'withdrawn') return ['done', state]
  if (state !== 'open') return ['invitation-closed', state]
  if (kind === 'resend') return ['done', 'open']
  return ['done', ({ accept: 'accepted', decline: 'declined', withdraw: 'withdrawn' } as const)[kind]]
}

test('one after another, every press leads where the state machine says', async () => {
  await fc.assert(
    fc.asyncProperty(rounds(1), async (all: readonly Round[]) => {
      const { books, memberships, newestToken, ...on } = await stage()
      for (const { days, presses } of all) {
        clock.advance(days * DAY_MS)
        const [only] = presses
        if (only === undefined) continue
        const newest = (await books()).at(-1)
        const [answer, state] = expected(only.kind, newest, (await memberships()).length > 0)
        expect(await pressed(only, { ...on, newest, token: await newestToken() })).toBe(answer)
        const left = (await books()).at(-1)
        const now = left !== undefined && isOverdue(left, clock.now()) ? 'expired' : left?.state
        expect(now).toBe(state)
      }
    }),
    { numRuns: 40 },
  )
}, 180_000)
