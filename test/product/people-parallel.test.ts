import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  stateAfter,
  type VersionMove,
  type VersionState,
} from '#engine/achievements/achievement-life-cycle.ts'
import { type ExpertReviewMove, reviewAfter } from '#engine/achievements/expert-review.ts'
import { type AwardLife, type AwardTurn, takeTurn } from '#engine/awards/award-life.ts'
import {
  afterMove,
  type DirectAwardMoveKind,
  type DirectAwardStanding,
} from '#engine/direct-awards/direct-award-state.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { ApiAnswer, ApiCaller } from './api-caller.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { hasLegalOrder } from './legal-history.ts'
import { signedIn } from './member.ts'
import { CALLS, startTwoProcesses, type TwoProcesses } from './two-processes.ts'

// Every state machine of what people do: 50 mixed moves at once, at two processes. What was written down of them must
// have an order that the machine of the engine allows, and whoever was too late is told why.

let processes: TwoProcesses
let api: ApiCaller
let firstAid: FirstAid
beforeAll(async () => {
  processes = await startTwoProcesses('people-school')
  ;({ api } = processes.school)
  firstAid = await setUpFirstAid(api, 'people-academy')
})
afterAll(() => processes?.stop())

type Press = (api: ApiCaller, n: number) => Promise<ApiAnswer>

/**
 * Presses all of these at once, each at both processes. Whoever loses is told of a state (409), of a newer version (412)
 * or that it is gone (404), and of a state with what is possible. Answers by name.
 */
async function press(
  presses: Readonly<Record<string, Press>>,
  at: readonly ApiCaller[] = processes.doors,
): Promise<Readonly<Record<string, readonly ApiAnswer[]>>> {
  const names = Object.keys(presses)
  const nameOf = (n: number) => names[Math.floor(n / at.length) % names.length] ?? ''
  const answers = await processes.atOnce((door, n) => presses[nameOf(n)]?.(door, n) as Promise<ApiAnswer>, at)
  for (const [n, { status, body }] of answers.entries()) {
    if (status < 300) continue
    expect([nameOf(n), [404, 409, 412].includes(status), body]).toEqual([nameOf(n), true, body])
    if (status === 409)
      expect([nameOf(n), body.code, SAYS_ENOUGH(body)]).toEqual([nameOf(n), body.code, true])
  }
  return Object.fromEntries(names.map((name) => [name, answers.filter((_, n) => nameOf(n) === name)]))
}
/** In words where what is in the way is no state: somebody was faster, or another one has the place. */
const SAYS_ENOUGH = ({ code, parameters }: ApiAnswer['body']): boolean =>
  code === 'conflict' || typeof parameters?.state === 'string' || parameters !== undefined

/** What the audit trail says of one thing: how often each. */
async function trailOf(targetId: string, prefix: string): Promise<Record<string, number>> {
  const rows = await processes.ask(
    'SELECT action, count(*)::int AS n FROM audit WHERE target_id = $1 AND action LIKE $2 GROUP BY 1',
    [targetId, `${prefix}.%`],
  )
  return Object.fromEntries(rows.map(({ action, n }) => [action.slice(prefix.length + 1), n]))
}
/** The moves that the actions are. */
function asMoves(
  trail: Readonly<Record<string, number>>,
  moveOf: Readonly<Record<string, string>>,
): Record<string, number> {
  const made: Record<string, number> = {}
  for (const [action, n] of Object.entries(trail)) {
    const move = moveOf[action]
    if (move !== undefined) made[move] = (made[move] ?? 0) + n
  }
  return made
}
const won = (answers: readonly ApiAnswer[] = []) => answers.filter(({ status }) => status < 300).length
const patch = (by: ApiCaller, path: string, change: object, revision: number) =>
  by.send('PATCH', path, JSON.stringify(change), {
    'content-type': 'application/json',
    'if-match': `"v${revision}"`,
  })

let counter = 0
const address = () => `people-${++counter}@example.org`
const tokenTo = async (to: string, page: string) =>
  new RegExp(`/${page}#([\\w-]+)`).exec((await processes.product.inbox.waitFor(to, 20_000)).text)?.[1] ?? ''

describe('50 at once, at two processes', { timeout: 120_000 }, () => {
  test.each([
    ['all of it', ['change', 'resend', 'undo', 'delete', 'revoke', 'accept', 'reject']],
    ['what the earner does, and a change', ['accept', 'reject', 'change']],
    ['revoked and claimed', ['accept', 'revoke']],
  ])('a direct award: %s', async (_, names) => {
    const to = address()
    const { achievementId } = firstAid
    const { id } = (await api.post('/v1/direct-awards', { achievementId, identifier: to })).body.directAward
    const path = `/v1/direct-awards/${id}`
    const token = await tokenTo(to, 'claim')
    const anybody = (door: ApiCaller) => processes.publicDoors[processes.doors.indexOf(door)] ?? door
    const all: Readonly<Record<string, Press>> = {
      change: async (door, n) =>
        patch(door, path, { message: `M ${n}` }, (await door.get(path)).body.revision as number),
      resend: (door) => door.post(`${path}/resend`),
      undo: (door) => door.post(`${path}/undo`),
      delete: (door) => door.send('DELETE', path, undefined),
      revoke: (door) => door.post(`${path}/revoke`, { reason: 'Test.' }),
      accept: (door) => anybody(door).post(`/v1/claims/${token}/accept`),
      reject: (door) => anybody(door).post(`/v1/claims/${token}/reject`),
    }
    const answers = await press(Object.fromEntries(names.map((name) => [name, all[name] as Press])))
    const [row] = await processes.ask('SELECT state, award_id FROM direct_award WHERE id = $1', [id])
    const made = asMoves(await trailOf(id, 'direct_award'), {
      sent: 'send',
      claimed: 'claim',
      rejected: 'reject',
      revoked: 'revoke',
      undone: 'delete',
      deleted: 'delete',
    })
    const isLegal = hasLegalOrder<DirectAwardStanding>(made, {
      from: { state: 'scheduled', at: asInstant(0) },
      isEnd: ({ state }) => state === row.state,
      next: (standing, kind) => {
        const at = asInstant(1)
        return afterMove(
          standing,
          kind === 'send'
            ? { kind, at, expiresAt: asInstant(9) }
            : { kind: kind as Exclude<DirectAwardMoveKind, 'send'>, at },
        )
      },
    })
    expect([made, row.state, isLegal]).toEqual([made, row.state, true])
    expect(await processes.count('FROM claim WHERE award_id = $1', [row.award_id])).toBe(made['claim'] ?? 0)
    expect(won(answers['undo']) + won(answers['delete'])).toBe(made['delete'] ?? 0)
    expect(won(answers['reject'])).toBe(made['reject'] ?? 0)
  })

  test('lists of the same people: each is offered the badge once, and each row says what became of it', async () => {
    const people = [address(), address(), address()]
    const body = {
      name: 'Class',
      achievementId: firstAid.achievementId,
      rows: people.map((identifier) => ({ identifier })),
    }
    const { start = [] } = await press({ start: (door) => door.post('/v1/direct-award-bundles', body) })
    const ids = start.map(({ body: { id } }) => id)
    expect(new Set(ids).size).toBe(CALLS)
    await vi.waitFor(
      async () =>
        expect(
          await processes.count("FROM direct_award_bundle WHERE id = ANY($1) AND state = 'running'", [ids]),
        ).toBe(0),
      { timeout: 90_000, interval: 100 },
    )
    expect(await processes.count('FROM direct_award WHERE identifier = ANY($1)', [people])).toBe(3)
    const rows = await processes.ask(
      'SELECT state, count(*)::int AS n FROM direct_award_bundle_row WHERE bundle_id = ANY($1) GROUP BY 1 ORDER BY 1',
      [ids],
    )
    expect(rows).toEqual([
      { state: 'awarded', n: 3 },
      { state: 'refused', n: 3 * (CALLS - 1) },
    ])
  })

  test.each([
    ['corrected, suspended, reinstated and revoked', ['correct', 'suspend', 'reinstate', 'revoke']],
    ['suspended, reinstated and signed anew', ['suspend', 'reinstate', 'reissue']],
  ])('editions of a badge: %s', async (_, names) => {
    const learner = `edited-${++counter}`
    await api.post('/v1/events', earning(learner))
    const award = await awardOf(api, learner)
    const path = `/v1/awards/${award.id}`
    const why = { reason: 'Test.' }
    const all: Readonly<Record<string, Press>> = {
      correct: (door, n) =>
        door.post(
          `${path}/correct`,
          { ...why, changes: { narrative: `Way ${n}` } },
          { 'if-match': `"v${award.revision}"` },
        ),
      suspend: (door) => door.post(`${path}/suspend`, why),
      reinstate: (door) => door.post(`${path}/reinstate`, why),
      reissue: (door) => door.post(`${path}/reissue`, why),
      revoke: (door) => door.post(`${path}/revoke`, why),
    }
    const answers = await press(Object.fromEntries(names.map((name) => [name, all[name] as Press])))
    const after = await vi.waitFor(
      async () => {
        const { body } = await api.get(path)
        expect(body.nextEdition).toBeNull()
        return body
      },
      { timeout: 20_000, interval: 100 },
    )
    const trail = await trailOf(award.id, 'award')
    const asked = {
      correct: trail['correction_asked'] ?? 0,
      reissue: trail['reissue_asked'] ?? 0,
      reinstate: trail['reinstatement_asked'] ?? 0,
      suspend: trail['suspended'] ?? 0,
      revoke: trail['revoked'] ?? 0,
    }
    for (const [name, n] of Object.entries(asked)) expect([name, n]).toEqual([name, won(answers[name])])
    const signed = (trail['corrected'] ?? 0) + (trail['reissued'] ?? 0) + (trail['reinstated'] ?? 0)
    const editions = (await api.get(`${path}/editions`)).body.items
    const isLegal = hasLegalOrder<AwardLife>(
      { ...asked, sign: signed },
      {
        from: { state: 'issued', editions: [{ edition: 1, cause: 'issued', state: 'signed' }] },
        isEnd: (life) =>
          life.state === after.state &&
          life.editions.map(({ cause, end }) => `${cause} ${end ?? null}`).join() ===
            editions
              .map(({ cause, endedBy }: { cause: string; endedBy: string | null }) => `${cause} ${endedBy}`)
              .join(),
        next: (life, turn) => takeTurn(life, turn as AwardTurn),
      },
    )
    expect([asked, signed, after.state, isLegal]).toEqual([asked, signed, after.state, true])
  })

  test('the life of a version of an achievement', async () => {
    const text = { en: 'Text.' }
    const definition = { name: text, description: text, criteria: text }
    const { issuerId } = firstAid
    const body = { issuerId, slug: `living-${++counter}`, definition }
    const { id } = (await api.post('/v1/achievements', body)).body
    const path = `/v1/achievements/${id}/versions/1`
    const seen = { 'if-match': '"v1"' }
    const presses: Readonly<Record<VersionMove, Press>> = {
      submit: (door) => door.post(`${path}/submit`, undefined, seen),
      approve: (door) => door.post(`${path}/approve`, undefined, seen),
      return: (door) => door.post(`${path}/return`, { reason: 'Why.' }),
      publish: (door) => door.post(`${path}/publish`),
      retire: (door) => door.post(`${path}/retire`),
      withdraw: (door) => door.post(`${path}/withdraw`, { reason: 'Why.' }),
    }
    const answers = await press(presses)
    const made = asMoves(await trailOf(id, 'achievement'), {
      submitted: 'submit',
      approved: 'approve',
      returned: 'return',
      published: 'publish',
      retired: 'retire',
      withdrawn: 'withdraw',
    })
    for (const [move, n] of Object.entries(made)) expect([move, n]).toEqual([move, won(answers[move])])
    const [{ state }] = (await api.get(`/v1/achievements/${id}`)).body.versions
    const isLegal = hasLegalOrder<VersionState>(made, {
      from: 'draft',
      isEnd: (at) => at === state,
      next: (at, move) => stateAfter(at, move as VersionMove, false),
    })
    expect([made, state, isLegal]).toEqual([made, state, true])
  })

  test('an expert from outside answers, declines, or is not asked any more', async () => {
    const text = { en: 'Text.' }
    const definition = { name: text, description: text, criteria: text }
    const body = { issuerId: firstAid.issuerId, slug: `seen-${++counter}`, definition }
    const version = `/v1/achievements/${(await api.post('/v1/achievements', body)).body.id}/versions/1`
    await api.post(`${version}/submit`, undefined, { 'if-match': '"v1"' })
    const email = address()
    const { id } = (await api.post(`${version}/expert-reviews`, { email })).body
    const link = `/v1/expert-review-links/${await tokenTo(email, 'expert-review')}`
    const { digest } = (await api.get(link)).body
    const words = { name: 'Sam', organisation: 'Red Cross', qualification: 'Instructor' }
    const answers = await press({
      view: (door) => door.get(link),
      answer: (door) => door.post(`${link}/answer`, { verdict: 'agrees', ...words, digest }),
      decline: (door) => door.post(`${link}/decline`),
      withdraw: (door) => door.post(`/v1/expert-reviews/${id}/withdraw`),
    })
    const [{ state }] = await processes.ask('SELECT state FROM expert_review WHERE id = $1', [id])
    const closed = ['answer', 'decline', 'withdraw'].filter((move) => won(answers[move]) > 0)
    expect(closed.map((move) => [move, won(answers[move])])).toEqual([[closed[0], 1]])
    expect(reviewAfter('viewed', closed[0] as ExpertReviewMove)).toBe(state)
  })

  test('an invitation is accepted, declined or withdrawn, and makes one member at most', async () => {
    const email = address()
    const { unitId, id } = (await api.post('/v1/invitations', { email, rights: ['read'] })).body
    const token = await tokenTo(email, 'invitation')
    const person = await signedIn(processes.product, email)
    const link = `/v1/invitation-links/${token}`
    const theirs = (door: ApiCaller) => (door === processes.doors[0] ? person : elsewhere(person))
    const answers = await press({
      accept: (door) => theirs(door).post(`${link}/accept`),
      decline: (door) => theirs(door).post(`${link}/decline`),
      withdraw: (door) => door.post(`/v1/invitations/${id}/withdraw`),
      resend: (door) => door.post(`/v1/invitations/${id}/resend`),
    })
    const trail = await trailOf(id, 'invitation')
    const ends = ['accepted', 'declined', 'withdrawn'].flatMap((end) => Array(trail[end] ?? 0).fill(end))
    const [{ state }] = await processes.ask('SELECT state FROM invitation WHERE id = $1', [id])
    expect([unitId === undefined, ends]).toEqual([false, [state]])
    expect(won(answers['resend'])).toBe(trail['sent_again'] ?? 0)
    const members =
      'FROM membership JOIN account_identity identity USING (account_id) WHERE identity.value = $1'
    expect(await processes.count(members, [email])).toBe(state === 'accepted' ? 1 : 0)
  })

  test('a member gets other rights by whoever has seen the last ones, and is removed once', async () => {
    const email = address()
    await api.post('/v1/invitations', { email, rights: ['read'] })
    const person = await signedIn(processes.product, email)
    await person.post(`/v1/invitation-links/${await tokenTo(email, 'invitation')}/accept`)
    const [{ id }] = await processes.ask(
      'SELECT membership.id::text FROM membership JOIN account_identity identity USING (account_id) WHERE identity.value = $1',
      [email],
    )
    const path = `/v1/members/${id}`
    const sets = [['read'], ['read', 'award'], ['read', 'sign']]
    const change: Press = async (door, n) => {
      const { status, body } = await door.get(path)
      return status === 404 ? door.get(path) : patch(door, path, { rights: sets[n % 3] }, body.revision)
    }
    const changed = await press({ change })
    expect((await api.get(path)).body.revision).toBe(1 + won(changed['change']))
    const answers = await press({ change, remove: (door) => door.send('DELETE', path, undefined) })
    const trail = await trailOf(id, 'member')
    expect(won(answers['remove'])).toBe(1)
    expect(trail['removed']).toBe(1)
    expect(trail['changed']).toBe(won(changed['change']) + won(answers['change']))
    expect((await api.get(path)).status).toBe(404)
  })

  test('a mandate of an assessor is ended once', async () => {
    const path = `/v1/achievements/${firstAid.achievementId}/assessors`
    const wanted = { email: address(), name: 'Kim', qualification: 'Instructor' }
    const made = await api.post(path, wanted)
    expect([made.status, made.body.code]).toEqual([201, undefined])
    const { end = [] } = await press({
      end: (door) => door.post(`${path}/${made.body.id}/end`, { reason: 'Over.' }),
    })
    expect(won(end)).toBe(1)
    expect(await trailOf(made.body.id, 'assessor')).toMatchObject({ mandate_ended: 1 })
    expect(
      await processes.count('FROM assessor_mandate WHERE id = $1 AND ended_at IS NOT NULL', [made.body.id]),
    ).toBe(1)
  })

  test('an achievement is shared with another organisation once at a time, and that is withdrawn once', async () => {
    await processes.product.organisation('people-neighbour')
    const path = `/v1/achievements/${firstAid.achievementId}`
    const { share = [] } = await press({
      share: (door) =>
        door.post(`${path}/versions/1/shares`, { organisation: 'people-neighbour', kind: 'view' }),
    })
    const ids = new Set(share.filter(({ status }) => status < 300).map(({ body }) => body.id))
    expect(ids.size).toBe(1)
    const { withdraw = [] } = await press({
      withdraw: (door) => door.post(`${path}/shares/${[...ids][0]}/withdraw`),
    })
    expect(won(withdraw)).toBe(1)
  })

  test('a collection and a link to a badge are changed by whoever has seen them, and end once', async () => {
    const learner = `sharing-${++counter}`
    await api.post('/v1/events', earning(learner))
    const { credentialId } = await awardOf(api, learner)
    const token = await tokenTo(`${learner}@example.org`, 'claim')
    const person = await signedIn(processes.product, `${learner}@example.org`)
    expect((await person.post(`/v1/claims/${token}/accept`)).status).toBe(200)
    const theirs = [person, elsewhere(person)]
    const made = (await person.post('/v1/collections', { name: { en: 'Mine' }, badges: [credentialId] })).body
    const path = `/v1/collections/${made.id}`
    const { change = [] } = await press(
      {
        change: async (door, n) =>
          patch(door, path, { name: { en: `N ${n}` } }, (await door.get(path)).body.revision),
      },
      theirs,
    )
    const { revision } = (await person.get(path)).body
    expect(revision).toBe(1 + won(change))
    const remove: Press = (door) => door.send('DELETE', path, undefined, { 'if-match': `"v${revision}"` })
    const removed = await press({ remove }, theirs)
    expect(won(removed['remove'])).toBe(1)

    const links = `/v1/credentials/${credentialId}/share-links`
    const link = (await person.post(links, {})).body
    const ended = await press(
      { unshare: (door) => door.send('DELETE', `${links}/${link.id}`, undefined) },
      theirs,
    )
    expect(won(ended['unshare'])).toBe(1)
    expect(await trailOf(credentialId, 'credential')).toMatchObject({ unshared: 1 })
  })

  test('a webhook is switched, replayed and deleted: its versions have no gaps, and each event is delivered or skipped', async () => {
    const wanted = { url: 'http://localhost:9/hook', description: 'X', eventTypes: ['award.*'] }
    const made = await api.post('/v1/webhooks', wanted)
    const path = `/v1/webhooks/${made.body.webhook.id}`
    const { id } = made.body.webhook
    const switched: Press = async (door, n) => {
      const { body, status, ...rest } = await door.get(path)
      return status === 404
        ? { body, status, ...rest }
        : patch(door, path, { enabled: Math.floor(n / 4) % 2 === 0 }, body.revision)
    }
    const delivery = (await api.post(`${path}/test`)).body
    const replay: Press = (door) => door.post(`${path}/deliveries/${delivery.id}/replay`)
    const answers = await press({ switched, replay })
    expect(won(answers['switched'])).toBeGreaterThan(0)
    const [{ revision }] = await processes.ask('SELECT revision FROM webhook_endpoint WHERE id = $1', [id])
    expect(revision).toBe(1 + won(answers['switched']))
    const deliveries = 'FROM webhook_delivery WHERE endpoint_id = $1'
    expect(await processes.count(deliveries, [id])).toBe(1)
    const last = await press({ switched, replay, remove: (door) => door.send('DELETE', path, undefined) })
    expect(won(last['remove'])).toBe(1)
    expect(await trailOf(id, 'webhook')).toMatchObject({
      deleted: 1,
      changed: won(answers['switched']) + won(last['switched']),
    })
    expect(await processes.count(`${deliveries} AND state = 'waiting'`, [id])).toBe(0)
  })
})

/** The same person, by the same session, at the other process. */
function elsewhere(person: ApiCaller): ApiCaller {
  return person.at(processes.second.url)
}
