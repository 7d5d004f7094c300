import { expect } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { asked, dieAt, taken, waited } from './crash-life.ts'
import { type CrashStage, stopWell } from './crash-stage.ts'
import { earning } from './first-aid.ts'

// What people do with badges, killed at each of its points. Each act goes on through the deaths of the product.

const REASON = { reason: 'Wrongly entered.' }

/** A list and one for later, claimed, corrected, suspended and reinstated, renewed; reminded, sent and over by the clock. */
export async function killAmongDirectAwards(stage: CrashStage): Promise<void> {
  const { api } = stage
  const [first = '', second = '', reminded = '', late = '', later = ''] = ['a', 'b', 'c', 'd', 'e'].map(
    (name) => `gil.${name}@example.org`,
  )
  const list = dieAt(stage, 'bundle.before-commit', async () => {
    await watch(stage, ['direct_award.*', 'direct_award_bundle.*', 'award.*', 'credential.*'])
    const achievementId = await theAchievement(stage)
    const rows = [first, second, reminded, late].map((identifier) => ({ identifier }))
    const body = { name: 'Class', achievementId, rows }
    await taken(() => api.post('/v1/direct-award-bundles', body, { 'idempotency-key': 'class' }), [202])
    return achievementId
  })
  await list.death
  await dieAt(stage, 'bundle.after-commit').death
  const claimed = dieAt(stage, 'claim.before-commit', () => Promise.all([first, second].map(accept(stage))))
  await claimed.death
  await dieAt(stage, 'claim.after-commit').death

  const changed = dieAt(stage, 'edition.before-sign', async () => {
    await claimed.act
    const { id, revision } = await awardTo(stage, first)
    const correction = { ...REASON, changes: { narrative: 'Led the group.' } }
    const seen = { 'if-match': `"v${revision}"` }
    await taken(() => api.post(`/v1/awards/${id}/correct`, correction, seen), [200, 409, 412])
    const other = `/v1/awards/${(await awardTo(stage, second)).id}`
    await taken(() => api.post(`${other}/suspend`, REASON), [200, 409])
    await taken(() => api.post(`${other}/reinstate`, REASON), [200, 409])
    return id
  })
  await changed.death
  await dieAt(stage, 'edition.before-store').death
  await dieAt(stage, 'edition.stored').death
  const renewed = dieAt(stage, 'issue.before-store', async () => {
    const id = await changed.act
    const path = `/v1/awards/${id}`
    await waited(async () =>
      expect((await api.get(path)).body).toMatchObject({ edition: 2, nextEdition: null }),
    )
    await taken(() => api.post(`${path}/renew`, REASON, { 'idempotency-key': 'renew' }), [201])
  })
  await renewed.death

  // All that the clock does, due at one moment.
  const clock = dieAt(stage, 'direct-award.before-commit', async () => {
    const body = {
      achievementId: await list.act,
      identifier: later,
      scheduledAt: new Date(Date.now() + 3_600_000).toISOString(),
    }
    await taken(() => api.post('/v1/direct-awards', body, { 'idempotency-key': 'later' }), [201])
    await asked(
      stage,
      `UPDATE direct_award SET next_at = now(), scheduled_at = now() - interval '1 minute',
         sent_at = CASE WHEN identifier = $1 THEN sent_at - interval '50 days' ELSE sent_at END,
         expires_at = CASE WHEN identifier = $2 THEN now() - interval '1 minute' ELSE expires_at END
       WHERE identifier = ANY(ARRAY[$1, $2, $3])`,
      [reminded, late, later],
    )
  })
  await clock.death
  await dieAt(stage, 'direct-award.after-commit').death

  const product = stage.start()
  await Promise.all([list.act, claimed.act, changed.act, renewed.act, clock.act])
  await settled(stage)
  const offers = await asked(
    stage,
    `SELECT identifier, state, reminded, (SELECT count(*)::int FROM award WHERE award.id = award_id) AS awards
     FROM direct_award ORDER BY identifier`,
  )
  expect(offers).toEqual([
    { identifier: first, state: 'claimed', reminded: 0, awards: 1 },
    { identifier: second, state: 'claimed', reminded: 0, awards: 1 },
    { identifier: reminded, state: 'unaccepted', reminded: 1, awards: 0 },
    { identifier: late, state: 'expired', reminded: 0, awards: 0 },
    { identifier: later, state: 'unaccepted', reminded: 0, awards: 0 },
  ])
  expect(
    await asked(
      stage,
      `SELECT award.state, array_agg(edition.cause || coalesce(' ' || edition.ended_by, '') ORDER BY edition.edition) AS editions
       FROM award JOIN credential ON credential.award_id = award.id
       JOIN credential_edition edition ON edition.credential_id = credential.id AND edition.state = 'signed'
       WHERE award.rule_id IS NULL GROUP BY award.id, award.state ORDER BY 1, 2`,
    ),
  ).toEqual([
    { state: 'issued', editions: ['issued'] },
    { state: 'issued', editions: ['issued superseded', 'reinstated'] },
    { state: 'superseded', editions: ['issued superseded', 'corrected'] },
  ])
  const offered = await asked(
    stage,
    "SELECT recipient, count(*)::int AS mails FROM mail WHERE kind LIKE 'direct-award%' GROUP BY 1 ORDER BY 1",
  )
  expect(offered).toEqual(
    [first, second, reminded, late, later].map((recipient) => ({
      recipient,
      mails: recipient === reminded ? 2 : 1,
    })),
  )
  await expectToldOnce(stage, {
    'direct_award.scheduled': 5,
    'direct_award.sent': 5,
    'direct_award.claimed': 2,
    'direct_award.expired': 1,
    'direct_award_bundle.finished': 1,
    'award.granted': 3,
    'award.issued': 3,
    'award.corrected': 1,
    'award.suspended': 1,
    'award.reinstated': 1,
    'award.superseded': 1,
  })
  await stopWell(product)
  expect(product.complained()).toBe('')
}

/** Some awards of a rule are revoked in one change, and the owner of the organisation is told of a review with a digest. */
export async function killAmongAwards(stage: CrashStage): Promise<void> {
  const { api } = stage
  const learners = ['ida.a', 'ida.b', 'ida.c']
  const told = dieAt(stage, 'notification.before-commit', async () => {
    await watch(stage, ['award.revoked', 'achievement.in_review'])
    // Told the day before yesterday: the digest of yesterday is due whenever the product looks.
    await asked(
      stage,
      `CREATE OR REPLACE FUNCTION told_before() RETURNS trigger AS
         'BEGIN NEW.created_at := NEW.created_at - interval ''2 days''; RETURN NEW; END' LANGUAGE plpgsql;
       CREATE OR REPLACE TRIGGER told_before BEFORE INSERT ON notification FOR EACH ROW EXECUTE FUNCTION told_before()`,
    )
    await stage.post(learners.flatMap(earning))
    const { issuerId } = (await taken(() => api.get('/v1/achievements'), [200])).body.items[0]
    const body = { issuerId, slug: 'reviewed', definition: aDefinition() }
    const made = await taken(() => api.post('/v1/achievements', body, { 'idempotency-key': 'made' }), [201])
    const path = `/v1/achievements/${made.body.id}/versions/1/submit`
    await taken(() => api.post(path, undefined, { 'if-match': '"v1"' }), [200, 409, 412])
  })
  await told.death
  await dieAt(stage, 'digest.before-commit').death
  await dieAt(stage, 'digest.after-commit').death
  const changed = dieAt(stage, 'job.before-commit', async () => {
    await told.act
    const awards = await waited(async () => {
      const { body } = await api.get('/v1/awards?state=issued')
      expect(body.items).toHaveLength(4)
      return body.items
    })
    // Not the one that every copy of the stage has.
    const awardIds = awards.slice(0, 3).map(({ id }: { id: string }) => id)
    const body = { ...REASON, awardIds }
    const key = { 'idempotency-key': 'revoke' }
    const change = (await taken(() => api.post('/v1/awards/revocations', body, key), [201])).body
    const { id, digest } = change
    await taken(() => api.post(`/v1/award-changes/${id}/confirm`, { digest }), [202, 409])
    return id as string
  })
  await changed.death

  const product = stage.start()
  await told.act
  const { body: change } = await taken(async () => api.get(`/v1/award-changes/${await changed.act}`), [200])
  await waited(async () =>
    expect((await api.get(`/v1/jobs/${change.jobId}`)).body).toMatchObject({
      state: 'done',
      result: { revoke: 3, left: 0 },
    }),
  )
  await settled(stage)
  const revoked = `SELECT count(*)::int AS n, count(DISTINCT target_id)::int AS awards FROM audit WHERE action = 'award.revoked'`
  expect(await asked(stage, revoked)).toEqual([{ n: 3, awards: 3 }])
  expect(
    await asked(stage, "SELECT count(*)::int AS ended FROM credential_edition WHERE ended_by = 'revoked'"),
  ).toEqual([{ ended: 3 }])
  const mails =
    "SELECT kind, count(*)::int AS n FROM mail WHERE kind IN ('digest', 'award-revoked') GROUP BY 1 ORDER BY 1"
  expect(await asked(stage, mails)).toEqual([
    { kind: 'award-revoked', n: 3 },
    { kind: 'digest', n: 1 },
  ])
  await expectToldOnce(stage, { 'award.revoked': 3, 'achievement.in_review': 1 })
  await stopWell(product)
  expect(product.complained()).toBe('')
}

/** An endpoint of this stage alone. */
const watch = ({ api, receiver, dataFolder }: CrashStage, eventTypes: readonly string[]) =>
  taken(
    () =>
      api.post(
        '/v1/webhooks',
        { url: `${receiver.url}?of=${encodeURIComponent(dataFolder)}`, description: 'X', eventTypes },
        { 'idempotency-key': 'watch' },
      ),
    [201],
  )

async function theAchievement({ api }: CrashStage): Promise<string> {
  return (await taken(() => api.get('/v1/achievements'), [200])).body.items[0].id
}

/** By the link of its mail. Pressing twice is harmless, so it is pressed until it is answered. */
const accept = (stage: CrashStage) => async (address: string) => {
  const token = await waited(async () => {
    const mail = stage.inbox.mails.find(({ to }) => to.includes(address))
    const found = /\/claim#([\w-]+)/.exec(mail?.text ?? '')?.[1]
    expect(found).toBeDefined()
    return found
  })
  // Where the answer was lost, the link has let them in already, and lets nobody in twice.
  await taken(() => new ApiCaller(stage.url).post(`/v1/claims/${token}/accept`), [200, 409])
}

/** The award of what was offered to an address, once it is issued. */
const awardTo = ({ api }: CrashStage, address: string): Promise<{ id: string; revision: number }> =>
  waited(async () => {
    const { body } = await api.get(`/v1/direct-awards?identifier=${encodeURIComponent(address)}`)
    const award = (await api.get(`/v1/awards/${body.items[0].awardId}`)).body
    expect(award).toMatchObject({ state: 'issued' })
    return award
  })

/** Nothing waits any more: no edition, no offer that is due, no mail, no delivery. */
const settled = (stage: CrashStage): Promise<void> =>
  waited(async () => {
    const [left] = await asked(
      stage,
      `SELECT (SELECT count(*)::int FROM credential_edition WHERE state = 'prepared') AS editions,
              (SELECT count(*)::int FROM award WHERE state = 'due') AS awards,
              (SELECT count(*)::int FROM direct_award WHERE next_at <= now()) AS offers,
              (SELECT count(*)::int FROM direct_award_bundle_row WHERE state = 'waiting') AS rows,
              (SELECT count(*)::int FROM notification WHERE mail IN ('open', 'daily')) AS notifications,
              (SELECT count(*)::int FROM mail WHERE state = 'waiting') AS mails,
              (SELECT count(*)::int FROM webhook_delivery WHERE state <> 'delivered') AS deliveries`,
    )
    expect(new Set(Object.values(left ?? {}))).toEqual(new Set([0]))
  })

/** Each event is one row, and a receiver that remembers ids has seen each once. */
async function expectToldOnce(stage: CrashStage, expected: Readonly<Record<string, number>>): Promise<void> {
  const types = Object.keys(expected)
  const rows = await asked(
    stage,
    `SELECT event.type, count(*)::int AS n FROM webhook_event event JOIN webhook_delivery delivery ON delivery.event_id = event.id
     JOIN webhook_endpoint endpoint ON endpoint.id = delivery.endpoint_id
     WHERE endpoint.url LIKE '%?of=%' AND event.type = ANY($1) GROUP BY 1`,
    [types],
  )
  expect(Object.fromEntries(rows.map(({ type, n }) => [type, n]))).toEqual(expected)
  const own = stage.receiver.received.filter(({ path }) =>
    path.endsWith(encodeURIComponent(stage.dataFolder)),
  )
  const seen = new Map(own.map(({ id, payload }) => [id, payload.type as string]))
  const told = types.map((type) => [type, [...seen.values()].filter((each) => each === type).length])
  expect(Object.fromEntries(told)).toEqual(expected)
}

function aDefinition() {
  return { name: { en: 'First aid' }, description: { en: 'Knows it.' }, criteria: { en: 'All of it.' } }
}
