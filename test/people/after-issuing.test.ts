import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, completed, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { startWebhookReceiver, type WebhookReceiver } from '#test/product/webhook-receiver.ts'

let product: TestProduct
let school: TestOrganisation
let api: ApiCaller
let hooks: WebhookReceiver
beforeAll(async () => {
  product = await startTestProduct({ FETCH_LOCALHOST: 'true' })
  school = await product.organisation('after-school')
  api = school.api
  await setUpFirstAid(api, 'after-academy')
  hooks = await startWebhookReceiver()
  const made = await api.post('/v1/webhooks', { url: hooks.url, description: 'X', eventTypes: ['award.*'] })
  expect(made.status).toBe(201)
})
afterAll(async () => {
  await product?.stop()
  await hooks?.close()
})

const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)

async function issued(learner: string) {
  await api.post('/v1/events', earning(learner))
  return awardOf(api, learner)
}
const read = async (id: string) => (await api.get(`/v1/awards/${id}`)).body
const editionsOf = async (id: string) => (await api.get(`/v1/awards/${id}/editions`)).body.items
const signedEdition = (id: string, edition: number) =>
  vi.waitFor(
    async () => {
      const award = await read(id)
      expect(award).toMatchObject({ edition, nextEdition: null })
      return award
    },
    { timeout: 20_000, interval: 50 },
  )
const correct = (id: string, changes: object, revision: number, by = api) =>
  by.post(
    `/v1/awards/${id}/correct`,
    { changes, reason: 'Wrongly entered.' },
    { 'if-match': `"v${revision}"` },
  )
const documentOf = async (credentialId: string, query = '') =>
  (await api.get(`/v1/credentials/${credentialId}/document${query}`)).body
const statusOf = async (credential: object) => {
  const { body } = await api.post('/v1/verify', { credential })
  return {
    verdict: body.verdict,
    ...body.checks.find(({ name }: { name: string }) => name === 'status'),
  }
}
/** The bits of the editions, as the status list in the database has them. */
const bitsOf = async (credentialId: string): Promise<boolean[]> =>
  (
    await sql(
      `SELECT get_bit(list.bits, (edition.status_index / 8) * 8 + 7 - edition.status_index % 8) = 1 AS set
       FROM credential_edition edition JOIN status_list list ON list.id = edition.status_list_id
       WHERE edition.credential_id = $1 ORDER BY edition.edition`,
      [credentialId],
    )
  ).map(({ set }) => set)
const mailsOf = (learner: string) =>
  sql("SELECT subject, text FROM mail WHERE recipient = $1 AND kind LIKE 'award-%' ORDER BY created_at", [
    `${learner}@example.org`,
  ])
const told = (type: string, awardId: string) =>
  hooks.of(type).filter(({ payload }) => payload.data.awardId === awardId)

describe('correcting', () => {
  test('a correction is the next edition, and the one before says where it went', async () => {
    const award = await issued('ann')
    expect(award).toMatchObject({ edition: 1, nextEdition: null, revision: 2 })
    const before = await documentOf(award.credentialId)
    const answer = await correct(
      award.id,
      {
        narrative: 'Led the group.',
        evidence: [{ id: 'https://portfolio.example.org/ann', name: 'Portfolio' }],
        validUntil: '2099-01-01T00:00:00Z',
      },
      award.revision,
    )
    expect([answer.status, answer.body.code]).toEqual([200, undefined])
    expect(answer.body).toMatchObject({ state: 'issued', correction: { narrative: 'Led the group.' } })
    await signedEdition(award.id, 2)

    const after = await documentOf(award.credentialId)
    expect(after).toMatchObject({
      id: before.id,
      awardedDate: before.awardedDate,
      validUntil: '2099-01-01T00:00:00Z',
      credentialSubject: { id: before.credentialSubject.id, narrative: 'Led the group.' },
      evidence: [{ id: 'https://portfolio.example.org/ann', name: 'Portfolio' }],
    })
    expect(Date.parse(after.validFrom)).toBeGreaterThan(Date.parse(before.validFrom))
    expect(await statusOf(after)).toMatchObject({ verdict: 'valid', code: 'not-revoked' })
    const page = `${product.url}/credentials/${award.credentialId}`
    expect(await statusOf(before)).toMatchObject({ verdict: 'invalid', code: 'superseded', see: page })
    expect(await bitsOf(award.credentialId)).toEqual([true, false])
    expect((await api.get(`/v1/credentials/${award.credentialId}`)).body).toMatchObject({
      edition: 2,
      currentEdition: 2,
      state: 'issued',
    })

    // Whoever holds the first edition finds it by its number and by its digest.
    const editions = await editionsOf(award.id)
    expect(editions).toMatchObject([
      { edition: 1, cause: 'issued', endedBy: 'superseded' },
      { edition: 2, cause: 'corrected', reason: 'Wrongly entered.', endedBy: null },
    ])
    expect(await documentOf(award.credentialId, '?edition=1')).toEqual(before)
    expect(await documentOf(award.credentialId, `?digest=${editions[0].digest}`)).toEqual(before)
    expect((await documentOf(award.credentialId, '?edition=3')).code).toBe('not-found')

    const [mail, ...more] = await mailsOf('ann')
    expect([mail.subject, more]).toEqual(['Your badge was corrected: First aid basics', []])
    expect(mail.text).toContain('Wrongly entered.')
    await vi.waitFor(() => expect(told('award.corrected', award.id)).toHaveLength(1), { timeout: 10_000 })
  })

  test('a language in which the achievement is not described is refused, and a later correction keeps what an earlier one said', async () => {
    const award = await issued('bea')
    // The achievement has no Dutch description.
    const unfit = await correct(award.id, { language: 'nl' }, award.revision)
    expect([unfit.status, unfit.body.code]).toEqual([422, 'correction-unfit'])
    await correct(award.id, { narrative: 'First.' }, award.revision)
    const { revision } = await signedEdition(award.id, 2)
    await correct(award.id, { evidence: [{ name: 'Second' }] }, revision)
    await signedEdition(award.id, 3)
    expect(await documentOf(award.credentialId)).toMatchObject({
      credentialSubject: { narrative: 'First.' },
      evidence: [{ name: 'Second' }],
    })
    expect(await bitsOf(award.credentialId)).toEqual([true, true, false])
  })

  test('a correction to what the badge says already is none: nothing is signed', async () => {
    const award = await issued('same')
    const changes = { narrative: 'Led it.', evidence: [{ name: 'The film' }] }
    expect((await correct(award.id, changes, award.revision)).status).toBe(200)
    const { revision } = await vi.waitFor(
      async () => {
        const { body } = await school.api.get(`/v1/awards/${award.id}`)
        expect(body).toMatchObject({ edition: 2, nextEdition: null })
        return body
      },
      { timeout: 20_000 },
    )
    for (const same of [changes, { narrative: 'Led it.' }, { language: 'en' }, { results: [] }]) {
      const { status, body } = await correct(award.id, same, revision)
      expect([same, status, body.code]).toEqual([same, 422, 'correction-unfit'])
    }
    expect((await school.api.get(`/v1/awards/${award.id}`)).body).toMatchObject({ revision, edition: 2 })
    expect((await correct(award.id, { ...changes, narrative: 'Led both.' }, revision)).status).toBe(200)
  })

  test('what the badge cannot say, an empty change, an old version and no version are refused by code', async () => {
    const award = await issued('cas')
    const refusal = async (changes: object, revision = award.revision) => {
      const { status, body } = await correct(award.id, changes, revision)
      return [status, body.code]
    }
    expect(await refusal({})).toEqual([422, 'correction-unfit'])
    expect(await refusal({ results: [{ resultDescription: 'exam', value: '8' }] })).toEqual([
      422,
      'correction-unfit',
    ])
    expect(await refusal({ validUntil: '2020-01-01T00:00:00Z' })).toEqual([422, 'correction-unfit'])
    expect(await refusal({ narrative: 'X' }, award.revision - 1)).toEqual([412, 'precondition-failed'])
    const none = await api.post(`/v1/awards/${award.id}/correct`, {
      changes: { narrative: 'X' },
      reason: 'X',
    })
    expect([none.status, none.body.code]).toEqual([428, 'precondition-required'])
    expect(await editionsOf(award.id)).toHaveLength(1)
    expect(await read(award.id)).toMatchObject({ revision: award.revision, correction: null })
  })
})

describe('suspending, revoking and reinstating', () => {
  test('a suspended badge is not valid, and a new edition makes it valid again', async () => {
    const award = await issued('dan')
    const first = await documentOf(award.credentialId)
    const suspended = await api.post(`/v1/awards/${award.id}/suspend`, {
      reason: 'Under investigation.',
      note: 'Case 7.',
    })
    expect([suspended.status, suspended.body.state]).toEqual([200, 'issued'])
    expect(suspended.body.suspendedAt).not.toBeNull()
    expect(await statusOf(first)).toMatchObject({
      verdict: 'invalid',
      code: 'suspended',
      reason: 'Under investigation.',
    })
    expect((await api.get(`/v1/credentials/${award.credentialId}`)).body.state).toBe('suspended')

    for (const step of ['suspend', 'reissue']) {
      const { status, body } = await api.post(`/v1/awards/${award.id}/${step}`, { reason: 'X' })
      expect([status, body.code, body.parameters?.state ?? body.state]).toEqual([
        409,
        'award-state',
        'suspended',
      ])
      expect(body.detail).toContain('What is possible: reinstate, revoke.')
    }

    const back = await api.post(`/v1/awards/${award.id}/reinstate`, { reason: 'Unfounded.' })
    expect(back.status).toBe(200)
    expect(await signedEdition(award.id, 2)).toMatchObject({ state: 'issued', suspendedAt: null })
    expect(await statusOf(await documentOf(award.credentialId))).toMatchObject({ verdict: 'valid' })
    expect(await statusOf(first)).toMatchObject({ code: 'superseded' })
    expect(await bitsOf(award.credentialId)).toEqual([true, false])
    const mails = await mailsOf('dan')
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Your badge was suspended: First aid basics',
      'Your badge is valid again: First aid basics',
    ])
    expect(JSON.stringify(mails)).not.toContain('Case 7')
    await vi.waitFor(
      () => {
        expect(told('award.suspended', award.id)).toHaveLength(1)
        expect(told('award.reinstated', award.id)).toHaveLength(1)
      },
      { timeout: 10_000 },
    )
    expect(told('award.issued', award.id)).toHaveLength(1)
  })

  test('a revoked badge is reinstated, corrected in the same step, and issued again', async () => {
    const award = await issued('eva')
    await api.post(`/v1/awards/${award.id}/revoke`, { reason: 'A mistake.', note: 'Ours.' })
    expect(await statusOf(await documentOf(award.credentialId))).toMatchObject({
      code: 'revoked',
      reason: 'A mistake.',
    })
    const back = await api.post(`/v1/awards/${award.id}/reinstate`, {
      reason: 'It was ours.',
      changes: { narrative: 'As it should be.' },
    })
    expect([back.status, back.body.state]).toEqual([200, 'revoked'])
    const again = await api.post(`/v1/awards/${award.id}/reinstate`, { reason: 'Twice.' })
    expect([200, 409]).toContain(again.status)
    expect(await signedEdition(award.id, 2)).toMatchObject({ state: 'issued' })
    expect(await documentOf(award.credentialId)).toMatchObject({
      credentialSubject: { narrative: 'As it should be.' },
    })
    expect(await bitsOf(award.credentialId)).toEqual([true, false])
    await vi.waitFor(() => expect(told('award.reinstated', award.id)).toHaveLength(1), { timeout: 10_000 })
    expect(told('award.issued', award.id)).toHaveLength(1)
    expect(told('award.revoked', award.id)).toHaveLength(1)
  })

  test('nobody gets back what another award has taken the place of', async () => {
    const award = await issued('fay')
    // As though its events had been taken back, and the rule met again by others.
    await api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Its events were taken back.' })
    await sql('UPDATE award SET taken_back = true WHERE id = $1', [award.id])
    await sql(
      `INSERT INTO award (organisation_id, id, issuer_id, achievement_id, achievement_version_id, subject_id, origin, rule_id,
         rule_version_id, occurrence, decision_id, state, awarded_at, granted_at)
       SELECT organisation_id, gen_random_uuid(), issuer_id, achievement_id, achievement_version_id, subject_id, origin,
         rule_id, rule_version_id, occurrence, decision_id, 'awaiting_approval', awarded_at, granted_at FROM award WHERE id = $1`,
      [award.id],
    )
    const refused = await api.post(`/v1/awards/${award.id}/reinstate`, { reason: 'X' })
    expect([refused.status, refused.body.code]).toEqual([409, 'award-replaced'])
    expect(await editionsOf(award.id)).toHaveLength(1)
  })

  test('an award that is not issued yet names what is possible', async () => {
    const { body: subject } = await api.get('/v1/subjects?identifier=email:fay@example.org')
    const { body } = await api.get(`/v1/awards?subjectId=${subject.id}&state=awaiting_approval`)
    const { id } = body.items[0]
    for (const step of ['suspend', 'reinstate', 'reissue']) {
      const refused = await api.post(`/v1/awards/${id}/${step}`, { reason: 'X' })
      expect([refused.status, refused.body.code]).toEqual([409, 'award-state'])
      expect(refused.body.detail).toBe(
        'The award is awaiting_approval. What is possible: approve, refuse, revoke.',
      )
    }
  })
})

describe('at once, in two processes', () => {
  test('of fifty corrections of what was read one is made; editions have no gaps, and each is told once', async () => {
    const award = await issued('gus')
    const other = composeAgain(product, {})
    const principal = { kind: 'operator' } as const
    const calls = Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0
        ? correct(award.id, { narrative: `Way ${n}` }, award.revision).then(({ status }) => status)
        : other.routes.afterIssuing
            .correct(principal, school.id, award.id, {
              seen: award.revision,
              changes: { narrative: `Way ${n}` },
              reason: 'At once.',
            })
            .then(
              () => 200,
              (error: { status: number }) => error.status,
            ),
    )
    const signing = Array.from({ length: 4 }, () => other.steps.issue())
    const statuses = await Promise.all(calls)
    await Promise.all(signing)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 412)).toHaveLength(49)
    await Promise.all([other.steps.issue(), other.steps.issue()])
    await signedEdition(award.id, 2)
    expect(await bitsOf(award.credentialId)).toEqual([true, false])
    expect(await mailsOf('gus')).toHaveLength(1)
    await vi.waitFor(() => expect(told('award.corrected', award.id)).toHaveLength(1), { timeout: 10_000 })
  })

  test('steps of every kind at once leave a state that each of them could have led to', async () => {
    const award = await issued('hal')
    const other = composeAgain(product, {})
    const principal = { kind: 'operator' } as const
    const { afterIssuing, awards } = other.routes
    const why = { reason: 'At once.' }
    const steps = ['suspend', 'reinstate', 'reissue', 'revoke', 'reinstate'] as const
    const calls = Array.from({ length: 50 }, (_, n) => {
      const step = steps[n % steps.length] ?? 'suspend'
      if (n % 2 === 0) return api.post(`/v1/awards/${award.id}/${step}`, why).then(({ status }) => status)
      const call =
        step === 'revoke'
          ? awards.revoke(principal, school.id, award.id, why)
          : afterIssuing[step](principal, school.id, award.id, why)
      return call.then(
        () => 200,
        (error: { status?: number }) => error.status,
      )
    })
    const signing = Array.from({ length: 6 }, () => other.steps.issue())
    const statuses = await Promise.all(calls)
    await Promise.all(signing)
    expect(new Set(statuses)).toEqual(new Set([200, 409]))
    const { edition, state, suspendedAt } = await vi.waitFor(
      async () => {
        await other.steps.issue()
        const now = await read(award.id)
        expect(now.nextEdition).toBeNull()
        return now
      },
      { timeout: 20_000, interval: 100 },
    )
    const editions = await editionsOf(award.id)
    expect(editions.map((each: { edition: number }) => each.edition)).toEqual(
      Array.from({ length: edition }, (_, n) => n + 1),
    )
    const isOver = state === 'revoked' || suspendedAt !== null
    const ends = editions.map(({ endedBy }: { endedBy: string | null }) => endedBy !== null)
    expect(ends).toEqual([...Array(edition - 1).fill(true), isOver])
    expect(await bitsOf(award.credentialId)).toEqual(ends)
    // One mail for each transition: what was done is in the audit trail.
    const done = await sql(
      `SELECT count(*)::int AS n FROM audit WHERE target_id = $1
       AND action IN ('award.suspended', 'award.revoked', 'award.reissued', 'award.reinstated')`,
      [award.id],
    )
    expect(await mailsOf('hal')).toHaveLength(done[0].n)
    const types = ['award.suspended', 'award.revoked', 'award.reissued', 'award.reinstated']
    await vi.waitFor(
      () => expect(types.reduce((sum, type) => sum + told(type, award.id).length, 0)).toBe(done[0].n),
      { timeout: 10_000 },
    )
  })
})

test('a badge whose anchor is on chain loses the bit of each edition there too', async () => {
  await api.post('/v1/events', [completed('ida', 1), completed('ida', 3)])
  const award = await awardOf(api, 'ida', { anchored: true })
  const first = await documentOf(award.credentialId)
  const receipt = (await api.get(`/v1/credentials/${award.credentialId}/receipt`)).body
  await correct(award.id, { narrative: 'Anchored.' }, award.revision)
  await signedEdition(award.id, 2)
  await vi.waitFor(
    async () => {
      const { body } = await api.post('/v1/verify', { credential: first, receipt })
      const anchor = body.checks.find(({ name }: { name: string }) => name === 'anchor')
      expect(anchor.code).toBe('anchor-revoked')
    },
    { timeout: 20_000, interval: 200 },
  )
  // The receipt of the first edition is still there for whoever holds it.
  const again = await api.get(`/v1/credentials/${award.credentialId}/receipt?edition=1`)
  expect(again.body.leaf).toEqual(receipt.leaf)
})
