import { id } from 'ethers'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { EMPTY_CASE } from '#engine/attested-awards/attested-case.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { IssuerId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { ATTESTED_CRASH_POINTS, armCrashPoint, type CrashPoint } from '#services/ports/crash-points.ts'
import { type Attester, createAttester } from './attester.ts'
import { composeAgain } from './second-composition.ts'
import { OPERATOR, startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// Three organisations of one product, each with an attester whose key the product never sees.

const NAMES = ['north', 'south', 'west'] as const
type Name = (typeof NAMES)[number]
const attesters = Object.fromEntries(NAMES.map((name) => [name, createAttester(name)])) as Record<
  Name,
  Attester
>
const stranger = createAttester('nobody')

let product: TestProduct
let schools: Record<Name, TestOrganisation>
let issuers: Record<Name, string>
beforeAll(async () => {
  product = await startTestProduct()
  const made = await Promise.all(
    NAMES.map(async (name) => {
      const school = await product.organisation(`attested-${name}`)
      const issuer = await school.api.post('/v1/issuers', { slug: `attesters-${name}`, name })
      expect([issuer.status, issuer.body.errors]).toEqual([201, undefined])
      return [name, school, issuer.body.id as string] as const
    }),
  )
  schools = Object.fromEntries(made.map(([name, school]) => [name, school])) as typeof schools
  issuers = Object.fromEntries(made.map(([name, , issuer]) => [name, issuer])) as typeof issuers
})
afterAll(() => product?.stop())
afterEach(() => disarm())

/** Dies at a point each time that it comes there, as a process that is killed and started again. */
const dieAt = (point: CrashPoint) =>
  armCrashPoint(point, () => {
    throw new Error(`Died at ${point}.`)
  })
const disarm = () => armCrashPoint('digest.after-commit', () => undefined)

const HOUR = 3_600_000
const timeAt = (at: number) => new Date(at).toISOString().replace(/\.\d+/, '')
let counter = 0

/** One criterion for each attester. */
const newRule = (over: object = {}) => ({
  name: 'Cross-campus maker',
  achievement: id(`achievement ${++counter}`),
  threshold: 3,
  opensAt: timeAt(Date.now() - HOUR),
  closesAt: timeAt(Date.now() + HOUR),
  criteria: NAMES.map((name) => ({ says: `Seen at ${name}.`, attesters: [attesters[name].address] })),
  ...over,
})

const register = async (name: Name, rule: object) => {
  const answer = await schools[name].api.post('/v1/attested-rules', { issuerId: issuers[name], ...rule })
  expect([answer.status, answer.body.errors]).toEqual([201, undefined])
  return answer.body
}

/** Enters a person in one organisation; gives the address of the case there. */
async function enter(name: Name, ruleId: string, learner: string, salt?: string) {
  const answer = await schools[name].api.post(`/v1/attested-rules/${ruleId}/subjects`, {
    subject: `mailto:${learner}@example.org`,
    ...(salt === undefined ? {} : { salt }),
  })
  expect([answer.status, answer.body.errors]).toEqual([201, undefined])
  return { path: `/v1/attested-rules/${ruleId}/subjects/${answer.body.id}`, body: answer.body }
}

/** What a wallet signs, and the body that has it delivered. */
async function signed(name: Name, path: string, criterion: number, act = 'attest', by = attesters[name]) {
  const { address } = attesters[name]
  const query = `act=${act}&criterion=${criterion}&attester=${address}`
  const { status, body } = await schools[name].api.get(`${path}/typed-data?${query}`)
  expect([status, body.code]).toEqual([200, undefined])
  return by.sign(body, address)
}

const caseAt = async (name: Name, path: string) => (await schools[name].api.get(path)).body
const patiently = { timeout: 20_000, interval: 100 }

/** Until a case in final blocks is as expected. */
const settles = (name: Name, path: string, expected: object) =>
  vi.waitFor(async () => expect(await caseAt(name, path)).toMatchObject(expected), patiently)

async function attest(name: Name, path: string, criterion: number) {
  const answer = await schools[name].api.post(`${path}/attestations`, await signed(name, path, criterion))
  expect([answer.status, answer.body.code]).toEqual([202, undefined])
  return answer.body
}

/** A badge that is awarded to whom the contract has awarded. */
async function badgeFor(name: Name, hash: string): Promise<void> {
  const { api } = schools[name]
  const slug = `together-${++counter}`
  const achievement = await api.post('/v1/achievements', {
    issuerId: issuers[name],
    slug,
    definition: { name: { en: 'Together' }, description: { en: 'X' }, criteria: { en: 'Y' } },
  })
  await api.post(`/v1/achievements/${achievement.body.id}/versions/1/publish`)
  const rule = await api.post('/v1/rules', {
    name: 'Together',
    document: {
      schema: 'waarmerk-rule/1',
      achievement: slug,
      occurrence: { kind: 'once' },
      recipient: 'event.actor',
      when: { attested: hash },
    },
  })
  expect([rule.status, rule.body.parameters?.faults]).toEqual([201, undefined])
  expect((await api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)).status).toBe(200)
}

describe('an on-chain rule', () => {
  test('has one name for all who register it, and is registered once', async () => {
    const rule = newRule()
    const [north, south] = [await register('north', rule), await register('south', rule)]
    expect(north.hash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(south).toMatchObject({ hash: north.hash, rule: north.rule })
    const again = await schools.north.api.post('/v1/attested-rules', { issuerId: issuers.north, ...rule })
    expect([again.status, again.body.code]).toEqual([409, 'already-exists'])
    const listed = (await schools.north.api.get('/v1/attested-rules')).body.items
    expect(listed).toContainEqual(north)
    expect((await schools.north.api.get(`/v1/attested-rules/${north.id}`)).body).toEqual(north)
  })

  test('that nobody could fulfil is refused with each fault', async () => {
    const mistyped = attesters.north.address.replace(/.$/, (digit: string) => (digit === '1' ? '2' : '1'))
    const refused = await schools.north.api.post('/v1/attested-rules', {
      issuerId: issuers.north,
      ...newRule({ threshold: 2, closesAt: timeAt(0), criteria: [{ says: 'X', attesters: [mistyped] }] }),
    })
    expect([refused.status, refused.body.code]).toEqual([422, 'attested-rule-invalid'])
    expect(refused.body.parameters.faults.map(({ code }: { code: string }) => code)).toEqual([
      'threshold-impossible',
      'window-empty',
      'address-malformed',
    ])
  })
})

test('the salt of one organisation makes the same commitment in the others, and is sealed at rest', async () => {
  const rule = newRule()
  const [north, south] = [await register('north', rule), await register('south', rule)]
  const first = await enter('north', north.id, 'ann')
  const opening = (await schools.north.api.post(`${first.path}/opening`)).body
  expect(opening).toMatchObject({
    commitment: first.body.commitment,
    ruleHash: north.hash,
    identifier: 'email:ann@example.org',
  })
  const other = await enter('south', south.id, 'ann', opening.salt)
  expect(other.body.commitment).toBe(first.body.commitment)
  const { items } = (await schools.south.api.get(`/v1/attested-rules/${south.id}/subjects`)).body
  expect(items).toMatchObject([{ id: other.body.id, missing: 3, state: 'open' }])
  // The same salt for somebody else is another commitment; another salt for the same person is refused.
  expect((await enter('south', south.id, 'ben', opening.salt)).body.commitment).not.toBe(opening.commitment)
  const subject = 'mailto:ann@example.org'
  const path = `/v1/attested-rules/${north.id}/subjects`
  const resalted = await schools.north.api.post(path, { subject, salt: `0x${'00'.repeat(32)}` })
  expect([resalted.status, resalted.body.code]).toEqual([409, 'already-exists'])
  expect((await schools.north.api.post(path, { subject })).status).toBe(200)
  await withClient(product.running.parts.databaseUrl, async (client) => {
    const { rows } = await client.query("SELECT encode(sealed_salt, 'hex') AS sealed FROM attested_case")
    expect(JSON.stringify(rows)).not.toContain(opening.salt.slice(2))
  })
})

describe('what an attester has signed', () => {
  test('is refused where it is not theirs, not now, or was given before', async () => {
    const rule = await register('north', newRule())
    const { path } = await enter('north', rule.id, 'cas')
    const { api } = schools.north
    const refusal = async (body: object, at = path) => {
      const { status, body: problem } = await api.post(`${at}/attestations`, body)
      return [status, problem.code]
    }
    const good = await signed('north', path, 0)
    expect(await refusal(await signed('north', path, 0, 'attest', stranger))).toEqual([
      422,
      'attested-signature-wrong',
    ])
    expect(await refusal({ ...good, criterion: 1 })).toEqual([422, 'attested-not-an-attester'])
    expect(await refusal({ ...good, saidAt: good.saidAt - 1 })).toEqual([422, 'attested-signature-wrong'])
    expect(await refusal({ ...good, saidAt: good.saidAt + HOUR })).toEqual([422, 'attested-time-wrong'])
    expect(await refusal({ ...good, deadline: good.saidAt - 1 })).toEqual([422, 'attested-time-wrong'])

    // Over before it was delivered.
    const over = await register('north', newRule({ closesAt: timeAt(Date.now() - HOUR / 2) }))
    const late = await enter('north', over.id, 'cas')
    expect(await refusal(good, late.path)).toEqual([409, 'attested-outside-window'])
    expect((await caseAt('north', late.path)).state).toBe('over')

    // The relayer pays and has nothing to say: of whoever sends, the contract wants no signature.
    const { relayer } = product.running.parts.chain
    const ours = await register(
      'north',
      newRule({ threshold: 1, criteria: [{ says: 'X', attesters: [relayer] }] }),
    )
    const forged = await enter('north', ours.id, 'cas')
    expect(await refusal({ ...good, attester: relayer }, forged.path)).toEqual([
      422,
      'attested-signature-wrong',
    ])

    expect((await api.post(`${path}/attestations`, good)).status).toBe(202)
    expect(await refusal(good)).toEqual([409, 'attested-already-said'])
    await settles('north', path, { missing: 2, messages: [{ state: 'final' }] })
    const [message] = (await caseAt('north', path)).messages
    expect(message.transaction).toMatch(/^0x[0-9a-f]{64}$/)
  })

  test('can be taken back until the award, and then only counts when it is said anew', async () => {
    const rule = await register('south', newRule())
    const { path } = await enter('south', rule.id, 'dee')
    const { api } = schools.south
    const first = await signed('south', path, 1)
    expect((await api.post(`${path}/attestations`, first)).status).toBe(202)
    await settles('south', path, { missing: 2 })
    const withdrawal = await signed('south', path, 1, 'withdraw')
    expect((await api.post(`${path}/withdrawals`, withdrawal)).status).toBe(202)
    await settles('south', path, { missing: 3, criteria: [{}, { isMet: false, attestedBy: [] }, {}] })
    const replayed = await api.post(`${path}/attestations`, first)
    expect([replayed.status, replayed.body.code]).toEqual([409, 'attested-taken-back'])
    await vi.waitFor(async () => {
      expect((await api.post(`${path}/attestations`, await signed('south', path, 1))).status).toBe(202)
    }, patiently)
    await settles('south', path, { missing: 2, criteria: [{}, { isMet: true }, {}] })
  })
})

test('the third of three completes in its own transaction, and is awarded once, wherever the watcher dies', async () => {
  const wanted = newRule()
  const rules = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await register(name, wanted)])),
  )
  await badgeFor('north', rules['north'].hash)
  const first = await enter('north', rules['north'].id, 'eve')
  const { salt } = (await schools.north.api.post(`${first.path}/opening`)).body
  const paths = { north: first.path, south: '', west: '' }
  for (const name of ['south', 'west'] as const)
    paths[name] = (await enter(name, rules[name].id, 'eve', salt)).path

  // Two of three: nothing.
  await attest('north', paths.north, 0)
  await attest('south', paths.south, 1)
  for (const name of NAMES) await settles(name, paths[name], { missing: 1, state: 'open', awardedAt: null })
  const awards = async () =>
    (await schools.north.api.get(`/v1/awards?subjectId=${first.body.subjectId}`)).body.items
  expect(await awards()).toEqual([])

  // The third, while the watcher dies at each of its points in turn.
  const [before = 'attested.before-commit', ...later] = ATTESTED_CRASH_POINTS
  dieAt(before)
  await attest('west', paths.west, 2)
  await vi.waitFor(
    async () => expect((await caseAt('west', paths.west)).messages[0]?.state).toBe('final'),
    patiently,
  )
  expect(await caseAt('north', paths.north)).toMatchObject({ missing: 1, state: 'open' })
  for (const point of later) {
    dieAt(point)
    await settles('north', paths.north, { missing: 0, state: 'awarded' })
  }
  disarm()
  await vi.waitFor(async () => expect(await awards()).toMatchObject([{ state: 'issued' }]), patiently)

  // The transaction of the third attestation is the one that made the award.
  const { transaction } = (await caseAt('west', paths.west)).messages[0]
  const { awardedAt } = await caseAt('north', paths.north)
  const status = await product.running.parts.chain.status(transaction)
  expect(status).toMatchObject({ state: 'mined', blockTime: Date.parse(awardedAt) })

  // Everybody sees it; nothing is added or taken back any more.
  for (const [criterion, name] of NAMES.entries()) {
    await settles(name, paths[name], { state: 'awarded', awardedAt })
    for (const [act, to] of [
      ['attest', 'attestations'],
      ['withdraw', 'withdrawals'],
    ] as const) {
      const answer = await schools[name].api.post(
        `${paths[name]}/${to}`,
        await signed(name, paths[name], criterion, act),
      )
      expect([answer.status, answer.body.code]).toEqual([409, 'attested-complete'])
    }
  }

  // Read once more from the beginning: the same fact, the same award.
  await withClient(product.running.parts.databaseUrl, async (client) => {
    await client.query('UPDATE attested_case SET event_id = NULL WHERE commitment = decode($1, $2)', [
      first.body.commitment.slice(2),
      'hex',
    ])
  })
  const another = composeAgain(product, {})
  await Promise.all([product.running.product.steps.attested(), another.steps.attested()])
  await product.running.product.steps.evaluate()
  const facts = (await schools.north.api.get(`/v1/subjects/${first.body.subjectId}/facts`)).body.items
  expect(facts).toMatchObject([{ type: 'waarmerk.attested', activity: rules['north'].hash, time: awardedAt }])
  expect(await awards()).toHaveLength(1)
})

test('somebody who is entered after the contract has awarded is awarded too', async () => {
  const wanted = newRule({ threshold: 1 })
  const [north, west] = [await register('north', wanted), await register('west', wanted)]
  const first = await enter('north', north.id, 'fay')
  const { salt } = (await schools.north.api.post(`${first.path}/opening`)).body
  await attest('north', first.path, 0)
  await settles('north', first.path, { state: 'awarded' })
  const late = await enter('west', west.id, 'fay', salt)
  await settles('west', late.path, { state: 'awarded', criteria: [{ isMet: true }, {}, {}] })
})

test('a chain that has become shorter is read anew, and nothing is lost or there twice', async () => {
  const rule = await register('south', newRule({ threshold: 2 }))
  const { path } = await enter('south', rule.id, 'ivy')
  await attest('south', path, 1)
  await settles('south', path, { missing: 1 })
  const { asOfBlock } = await caseAt('south', path)

  // A node that lags behind the one that was asked before.
  const { attestedChain } = product.running.parts
  const lastFinal = async () => ({ block: 1, time: asInstant(0) })
  const caseThere = async () => EMPTY_CASE
  const lagging = composeAgain(product, {
    attestedChain: { ...attestedChain, lastFinal, caseAt: caseThere },
  })
  await lagging.steps.attested()
  await lagging.steps.attested()
  await settles('south', path, { missing: 1, criteria: [{}, { isMet: true }, {}] })
  expect((await caseAt('south', path)).asOfBlock).toBeGreaterThanOrEqual(asOfBlock)
})

test('an issuer attests with its own anchoring key', async () => {
  const { api } = schools.west
  const { keys } = (await api.get(`/v1/issuers/${issuers.west}`)).body
  const own = keys.find(({ purpose }: { purpose: string }) => purpose === 'anchoring').publicKey
  const rule = await register('west', newRule({ threshold: 1, criteria: [{ says: 'X', attesters: [own] }] }))
  const { path } = await enter('west', rule.id, 'gus')
  const said = await api.post(`${path}/issuer-words`, { criterion: 0 })
  expect([said.status, said.body.attester]).toEqual([202, own.toLowerCase()])
  await settles('west', path, { state: 'awarded' })
  const unnamed = await register('west', newRule())
  const other = await enter('west', unnamed.id, 'gus')
  const refused = await api.post(`${other.path}/issuer-words`, { criterion: 0 })
  expect([refused.status, refused.body.code]).toEqual([422, 'attested-not-an-attester'])
})

test('where the contract is missing, that is said with its address, and the watcher asks for nothing', async () => {
  const { attestedChain } = product.running.parts
  const missing = () => Promise.reject(errors.attestedContractMissing(attestedChain.address))
  const unasked = () => Promise.reject(new Error('The chain was asked.'))
  const without = composeAgain(product, {
    attestedChain: {
      ...attestedChain,
      require: missing,
      lastFinal: unasked,
      events: unasked,
      caseAt: unasked,
    },
  })
  const rule = await register('north', newRule())
  const registering = without.routes.attestedRules.create(OPERATOR, schools.north.id, {
    issuerId: issuers.north as IssuerId,
    name: 'X',
    threshold: 1,
    achievement: id('missing') as Hex,
    opensAt: asInstant(0),
    closesAt: asInstant(1000),
    criteria: [{ statement: { says: 'X' }, attesters: [attesters.north.address] }],
  })
  await expect(registering).rejects.toMatchObject({
    code: 'attested-contract-missing',
    status: 409,
    parameters: { contract: attestedChain.address.contract },
  })
  await enter('north', rule.id, 'hal')
  expect(await without.steps.attested()).toEqual({ more: false })
})
