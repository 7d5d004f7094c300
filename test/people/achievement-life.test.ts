import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Product } from '#app/compose.ts'
import type { Principal, Right } from '#engine/access/rights.ts'
import type { VersionMove, VersionState } from '#engine/achievements/achievement-life-cycle.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { AchievementId, IssuerId } from '#engine/shared/ids.ts'
import { type ApiAnswer, ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let author: ApiCaller
let reviewer: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('life-school')
  firstAid = await setUpFirstAid(school.api, 'life-academy')
  author = await member('author', ['read', 'create', 'update', 'administer'])
  reviewer = await member('reviewer', ['read', 'award', 'update'])
})
afterAll(() => product?.stop())
beforeEach(() => wantReview(false))

async function member(name: string, rights: readonly Right[]): Promise<ApiCaller> {
  const by = await signedIn(product, `${name}@life.example.org`)
  const { accountId } = (await by.get('/v1/session')).body
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, rights))
  return by
}

async function wantReview(publishAchievement: boolean): Promise<void> {
  const { headers } = await school.api.get('/v1/organisations/settings')
  const changed = await school.api.send(
    'PATCH',
    '/v1/organisations/settings',
    JSON.stringify({ secondPerson: { publishAchievement } }),
    { 'content-type': 'application/json', 'if-match': headers.get('etag') ?? '' },
  )
  expect([changed.status, changed.body.secondPerson?.publishAchievement]).toEqual([200, publishAchievement])
}

const en = { en: 'Text.' }
const definition = { name: en, description: en, criteria: en }
let count = 0
async function draft(by: ApiCaller = school.api): Promise<string> {
  const made = await by.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug: `life-${++count}`,
    definition,
  })
  expect(made.status).toBe(201)
  return made.body.id
}
const pathOf = (id: string, version = 1) => `/v1/achievements/${id}/versions/${version}`
const seen = (revision = 1) => ({ 'if-match': `"v${revision}"` })
const BODIES: Readonly<Record<string, object>> = { return: { reason: 'Why.' }, withdraw: { reason: 'Why.' } }
const does = (move: string, id: string, by: ApiCaller = school.api, version = 1) =>
  by.post(`${pathOf(id, version)}/${move}`, BODIES[move], seen())
const outcome = ({ status, body }: ApiAnswer) => [status, body.code ?? body.state]

describe('a review', () => {
  test('goes from draft to approved and published, with what was said on the way', async () => {
    const id = await draft(author)
    const submitted = await author.post(`${pathOf(id)}/submit`, { note: 'Please look.' }, seen())
    expect(outcome(submitted)).toEqual([200, 'in_review'])
    expect((await reviewer.post(`${pathOf(id)}/comments`, { text: 'Which test?' })).status).toBe(201)
    const returned = await reviewer.post(`${pathOf(id)}/return`, { reason: 'Say which test.' })
    expect(outcome(returned)).toEqual([200, 'draft'])
    const put = await author.put(pathOf(id), { definition: { ...definition, tags: ['test'] } }, seen())
    expect([put.status, put.body.revision]).toEqual([200, 2])
    expect(outcome(await author.post(`${pathOf(id)}/submit`, undefined, seen(2)))).toEqual([200, 'in_review'])
    const stale = await reviewer.post(`${pathOf(id)}/approve`, undefined, seen(1))
    expect(outcome(stale)).toEqual([412, 'precondition-failed'])
    const blind = await reviewer.post(`${pathOf(id)}/approve`)
    expect(outcome(blind)).toEqual([428, 'precondition-required'])
    expect(outcome(await reviewer.post(`${pathOf(id)}/approve`, { note: 'Good.' }, seen(2)))).toEqual([
      200,
      'approved',
    ])
    expect(outcome(await author.post(`${pathOf(id)}/publish`))).toEqual([200, 'published'])
    const { body } = await author.get(`${pathOf(id)}/steps`)
    expect(
      body.items.map(({ kind, revision, text }: Record<string, unknown>) => [kind, revision, text]),
    ).toEqual([
      ['submitted', 1, 'Please look.'],
      ['commented', 1, 'Which test?'],
      ['returned', 1, 'Say which test.'],
      ['submitted', 2, null],
      ['approved', 2, 'Good.'],
      ['published', 2, null],
    ])
  })

  test('where it is wanted: nothing is published without, and by nobody who wrote it', async () => {
    await wantReview(true)
    const id = await draft(author)
    const unreviewed = await does('publish', id, author)
    expect(outcome(unreviewed)).toEqual([409, 'version-state-wrong'])
    expect(unreviewed.body.parameters).toMatchObject({ state: 'draft', possible: ['submit'] })
    expect(outcome(await does('submit', id, author))).toEqual([200, 'in_review'])
    // A key has nobody behind it who could be told apart, and the author lacks the right.
    expect(outcome(await does('approve', id))).toEqual([403, 'second-person-needed'])
    expect(outcome(await does('approve', id, author))).toEqual([403, 'forbidden'])
    expect(outcome(await does('approve', id, reviewer))).toEqual([200, 'approved'])
    expect(outcome(await does('publish', id, author))).toEqual([200, 'published'])
  })

  test('who wrote on it, or handed it in, is no second person; nor is their key', async () => {
    await wantReview(true)
    const written = await draft(author)
    await reviewer.put(pathOf(written), { definition }, seen())
    await author.post(`${pathOf(written)}/submit`, undefined, seen(2))
    const own = await reviewer.post(`${pathOf(written)}/approve`, undefined, seen(2))
    expect(outcome(own)).toEqual([403, 'second-person-needed'])
    const handedIn = await draft(author)
    await does('submit', handedIn, reviewer)
    expect(outcome(await does('approve', handedIn, reviewer))).toEqual([403, 'second-person-needed'])
  })

  test('an approval of one’s own, from before a second person was wanted, is none afterwards', async () => {
    const id = await draft(author)
    await does('submit', id, reviewer)
    expect(outcome(await does('approve', id, reviewer))).toEqual([200, 'approved'])
    await wantReview(true)
    expect(outcome(await does('publish', id, author))).toEqual([403, 'second-person-needed'])
  })

  test('a version under review is not edited, and is the one that there is', async () => {
    const id = await draft()
    await does('submit', id)
    expect(outcome(await school.api.put(pathOf(id), { definition }, seen()))).toEqual([
      409,
      'version-state-wrong',
    ])
    const second = await school.api.post(`/v1/achievements/${id}/versions`, { definition })
    expect(outcome(second)).toEqual([409, 'draft-exists'])
  })
})

describe('the end', () => {
  test('of a version that a rule awards is refused with the rule; after it, no rule awards it again', async () => {
    const { achievementId: id, ruleId } = firstAid
    await school.api.post('/v1/events', earning('ann'))
    const award = await awardOf(school.api, 'ann')
    for (const move of ['retire', 'withdraw']) {
      const refused = await does(move, id)
      expect(outcome(refused)).toEqual([409, 'achievement-in-use'])
      expect(refused.body.parameters.rules).toEqual([{ ruleId, name: 'Basics', version: 1 }])
    }
    await school.api.post(`/v1/rules/${ruleId}/pause`)
    expect(outcome(await does('retire', id))).toEqual([200, 'retired'])
    expect(outcome(await school.api.post(`/v1/rules/${ruleId}/resume`))).toEqual([409, 'conflict'])
    const anew = await school.api.post(`/v1/rules/${ruleId}/versions`, { document: basicsRule() })
    expect(anew.body.parameters.faults).toMatchObject([{ path: '/achievement' }])

    // The badge that was given is what it was; and a withdrawal is told, and makes it no less valid.
    const { bytes } = await school.api.get(`/credentials/${award.credentialId}`, {
      accept: 'application/json',
    })
    const verify = async () => {
      const { body } = await new ApiCaller(product.url).send('POST', '/v1/verify', bytes as BodyInit, {
        'content-type': 'application/json',
      })
      return [body.verdict, body.checks.find(({ name }: { name: string }) => name === 'achievement')]
    }
    expect(await verify()).toMatchObject(['valid', { outcome: 'passed', code: 'achievement-retired' }])
    const withdrawn = await school.api.post(`${pathOf(id)}/withdraw`, { reason: 'The test was leaked.' })
    expect(outcome(withdrawn)).toEqual([200, 'withdrawn'])
    expect(withdrawn.body.end).toMatchObject({ reason: 'The test was leaked.' })
    expect(await verify()).toMatchObject([
      'valid',
      {
        outcome: 'failed',
        informs: true,
        code: 'achievement-withdrawn',
        reason: 'The test was leaked.',
        at: withdrawn.body.end.at,
      },
    ])
    const { body: page } = await new ApiCaller(product.url).get(`/v1/public/achievements/${id}`)
    expect(page).toMatchObject({ state: 'withdrawn', end: withdrawn.body.end })
  })

  test('a newer version takes its place without an end by a person', async () => {
    const id = await draft()
    await does('publish', id)
    await school.api.post(`/v1/achievements/${id}/versions`, { definition })
    await does('publish', id, school.api, 2)
    const { body } = await school.api.get(`/v1/achievements/${id}`)
    expect(body.versions.map(({ state, end }: Record<string, unknown>) => [state, end])).toEqual([
      ['retired', null],
      ['published', null],
    ])
  })

  test('a withdrawal without a reason is none', async () => {
    const id = await draft()
    await does('publish', id)
    for (const body of [undefined, {}, { reason: '' }])
      expect((await school.api.post(`${pathOf(id)}/withdraw`, body)).status).toBe(400)
  })
})

test('in a wrong state each move is refused with the state and what is possible', async () => {
  const path: Readonly<Record<VersionState, readonly string[]>> = {
    draft: [],
    in_review: ['submit'],
    approved: ['submit', 'approve'],
    published: ['publish'],
    retired: ['publish', 'retire'],
    withdrawn: ['publish', 'withdraw'],
  }
  const possible: Readonly<Record<VersionState, readonly string[]>> = {
    draft: ['submit', 'publish'],
    in_review: ['approve', 'return'],
    approved: ['return', 'publish'],
    published: ['retire', 'withdraw'],
    retired: ['withdraw'],
    withdrawn: [],
  }
  for (const [state, moves] of Object.entries(path) as [VersionState, string[]][]) {
    const id = await draft()
    for (const move of moves) expect((await does(move, id)).status).toBe(200)
    for (const move of ['submit', 'approve', 'return', 'retire', 'withdraw']) {
      if (possible[state].includes(move)) continue
      const refused = await does(move, id)
      expect([state, move, ...outcome(refused)]).toEqual([state, move, 409, 'version-state-wrong'])
      expect(refused.body.parameters).toEqual({ version: 1, state, move, possible: possible[state] })
    }
  }
})

describe('many at once, at two compositions', () => {
  const AFTER: Readonly<Record<string, VersionState>> = {
    submitted: 'in_review',
    approved: 'approved',
    returned: 'draft',
    published: 'published',
    retired: 'retired',
    withdrawn: 'withdrawn',
  }
  const LEGAL = new Set([
    'draft submitted',
    'draft published',
    'in_review approved',
    'in_review returned',
    'approved returned',
    'approved published',
    'published retired',
    'published withdrawn',
    'retired withdrawn',
  ])
  const move = (
    { routes: { achievements, reviewAchievements: review, endAchievements: ends } }: Product,
    id: AchievementId,
    name: VersionMove,
  ): Promise<unknown> => {
    const [who, at]: [Principal, typeof school.id] = [OPERATOR, school.id]
    const version = { id, version: 1 }
    const seen = { revision: 1, note: undefined }
    switch (name) {
      case 'submit':
        return review.submit(who, at, version, seen)
      case 'approve':
        return review.approve(who, at, version, seen)
      case 'return':
        return review.sendBack(who, at, version, { revision: 1, reason: 'Why.' })
      case 'publish':
        return achievements.publish(who, at, id, 1, 1)
      case 'retire':
        return ends.retire(who, at, version, { seen: 1, reason: undefined })
      case 'withdraw':
        return ends.withdraw(who, at, version, { seen: 1, reason: 'Why.' })
    }
  }

  test('moves in any order make a legal history, of which each step was taken once', async () => {
    const second = composeAgain(product, {})
    const doors = [product.running.product, second]
    const moves = fc.array(
      fc.constantFrom<VersionMove>('submit', 'approve', 'return', 'publish', 'retire', 'withdraw'),
      { minLength: 2, maxLength: 24 },
    )
    await fc.assert(
      fc.asyncProperty(moves, async (names) => {
        const { achievement } = await product.running.product.routes.achievements.create(
          OPERATOR,
          school.id,
          {
            issuerId: firstAid.issuerId as IssuerId,
            slug: `parallel-${++count}`,
            definition: { ...definition, language: 'en', achievementType: 'Badge', tags: [], alignments: [] },
          },
        )
        const results = await Promise.allSettled(
          names.map((name, n) => move(doors[n % 2] ?? second, achievement.id, name)),
        )
        for (const result of results)
          if (result.status === 'rejected') {
            expect(result.reason).toBeInstanceOf(WaarmerkError)
            expect(['version-state-wrong', 'conflict']).toContain(result.reason.code)
          }
        const steps = await second.routes.reviewAchievements.steps(OPERATOR, school.id, {
          id: achievement.id,
          version: 1,
        })
        let state: VersionState = 'draft'
        for (const { kind } of steps) {
          expect(LEGAL).toContain(`${state} ${kind}`)
          state = AFTER[kind] ?? state
        }
        const found = await second.routes.achievements.find(OPERATOR, school.id, achievement.id)
        expect(found.versions.map((version) => version.state)).toEqual([state])
        expect(steps).toHaveLength(results.filter(({ status }) => status === 'fulfilled').length)
      }),
      { numRuns: 12 },
    )
  })

  test('fifty at once of one move: one is it, and the others are told', async () => {
    const second = composeAgain(product, {})
    const id = (await draft()) as AchievementId
    for (const name of ['submit', 'approve', 'publish', 'withdraw'] as const) {
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, n) => move(n % 2 === 0 ? product.running.product : second, id, name)),
      )
      expect([name, results.filter(({ status }) => status === 'fulfilled').length]).toEqual([name, 1])
    }
  })

  test('who ends a version waits for a rule that is just coming into force, and is refused then', async () => {
    const id = (await draft()) as AchievementId
    await does('publish', id)
    const { slug } = (await school.api.get(`/v1/achievements/${id}`)).body
    const rule = await school.api.post('/v1/rules', { name: slug, document: basicsRule(slug) })
    let ended: Promise<unknown> = Promise.resolve()
    const { database } = product.running.parts
    const slow = composeAgain(product, {
      database: {
        ...database,
        inOrganisation: (organisation, work) =>
          database.inOrganisation(organisation, (stores) =>
            work({
              ...stores,
              rules: {
                ...stores.rules,
                activate: async (...resolution) => {
                  // Everything was looked at, and nothing is written: the moment to end it behind its back.
                  ended = move(product.running.product, id, 'retire').then(
                    () => 'retired',
                    (error: WaarmerkError) => error.code,
                  )
                  await new Promise((resolve) => setTimeout(resolve, 700))
                  return stores.rules.activate(...resolution)
                },
              },
            }),
          ),
      },
    })
    await slow.routes.rules.activate(OPERATOR, school.id, rule.body.id, 1, { backfill: false })
    expect(await ended).toBe('achievement-in-use')
  })

  test('a version that is ended while a rule on it comes into force: one of the two is refused', async () => {
    const second = composeAgain(product, {})
    for (let round = 0; round < 8; round++) {
      const id = (await draft()) as AchievementId
      await does('publish', id)
      const { slug } = (await school.api.get(`/v1/achievements/${id}`)).body
      const rule = await school.api.post('/v1/rules', { name: slug, document: basicsRule(slug) })
      const [ended, activated] = await Promise.all([
        move(second, id, 'retire').then(
          () => 'retired',
          (error: WaarmerkError) => error.code,
        ),
        school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`, { backfill: false }),
      ])
      if (ended === 'achievement-in-use') expect(activated.status).toBe(200)
      // Which of its checks finds that nothing is published, depends on the moment.
      else
        expect([ended, activated.body.code]).toEqual([
          'retired',
          expect.stringMatching(/^(?:achievement-not-published|rule-invalid)$/),
        ])
    }
  })
})
