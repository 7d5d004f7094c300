import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { Visitor } from '#test/credentials/visitor.ts'
import { usedCpuMs } from '#test/used-cpu.ts'
import { ApiCaller } from './api-caller.ts'
import { createEndorser, type Endorser, tokenIn } from './endorser.ts'
import { awardOf, basicsRule, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { signedIn } from './member.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let anybody: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  anybody = new ApiCaller(product.url)
  school = await product.organisation('endorsed-school')
  firstAid = await setUpFirstAid(school.api, 'endorsed-academy')
})
afterAll(() => product?.stop())

const COMMENT = 'The questions are those that we ask ourselves.'
const sha256 = async (bytes: Uint8Array) =>
  `sha256-${Buffer.from(await crypto.subtle.digest('SHA-256', bytes as BufferSource)).toString('base64')}`

interface Asked {
  readonly id: string
  readonly path: string
  /** The link for a person. */
  readonly requestUrl: string
}

/** Asks for an endorsement of the published achievement, and gives the path of the request. */
async function ask(endorser: Endorser, over: object = {}): Promise<Asked> {
  const { status, body } = await school.api.post('/v1/endorsements', {
    target: 'achievement_version',
    targetId: firstAid.versionId,
    endorserDid: endorser.did,
    endorserName: 'Trade association',
    comment: COMMENT,
    ...over,
  })
  expect([status, body.code]).toEqual([201, undefined])
  const { id, requestUrl } = body
  return { id, requestUrl, path: `/v1/endorsement-requests/${tokenIn(requestUrl)}` }
}

const shown = async (path: string) => (await anybody.get(path)).body
const hand = (path: string, credential: unknown) => anybody.post(`${path}/signature`, { credential })
const listed = async (id: string) =>
  (await school.api.get('/v1/endorsements')).body.items.find((each: { id: string }) => each.id === id)
/** The endorsements of the achievement itself on its public page; those of its issuer stand beside them. */
const published = async (query = '') =>
  (await anybody.get(`/v1/public/achievements/${firstAid.achievementId}${query}`)).body.endorsements.filter(
    ({ target }: { target: string }) => target === 'achievement_version',
  )

describe('the whole road of an endorsement', () => {
  test('asked by mail, read, signed with a key of one’s own, published, anchored, shown and verified', async () => {
    const endorser = createEndorser()

    // 1. The issuer asks; the link comes by mail.
    const { id } = await ask(endorser, { endorserEmail: 'endorser@trade.example.org' })
    expect(await listed(id)).toMatchObject({
      state: 'requested',
      endorserEmail: 'endorser@trade.example.org',
    })
    const mail = await product.inbox.waitFor('endorser@trade.example.org', 20_000)
    const path = `/v1/endorsement-requests/${/\/endorse#([\w-]+)/.exec(mail.text)?.[1]}`

    // 2. The endorser reads what is to be signed, and can tell for themselves that the digest is that of what is shown.
    const request = await shown(path)
    expect(request).toMatchObject({ state: 'viewed', what: 'First aid basics', endorserDid: endorser.did })
    expect(request.digest).toBe(await sha256(endorsableBytes(request.target)))
    expect(request.unsigned.relatedResource[0].digestSRI).toBe(request.digest)
    expect(request.unsigned.credentialSubject.endorsementComment).toBe(COMMENT)
    const { body: document } = await anybody.get(`/achievements/${firstAid.achievementId}`, {
      accept: 'application/ld+json',
    })
    expect(request.target).toEqual(document)
    expect((await listed(id)).state).toBe('viewed')

    // 3. Nothing is shown before it is signed, nor published before that.
    const early = await school.api.post(`/v1/endorsements/${id}/publish`)
    expect([early.status, early.body.code]).toEqual([409, 'conflict'])
    const none = await school.api.get(`/v1/endorsements/${id}/receipt`)
    expect([none.status, none.body.code]).toEqual([409, 'receipt-not-ready'])
    const signed = await endorser.sign(request.unsigned)
    expect((await hand(path, signed)).body).toMatchObject({ id, state: 'signed' })
    expect(await published()).toEqual([])

    // 4. The issuer publishes, and its leaf goes on chain with the next batch.
    expect((await school.api.post(`/v1/endorsements/${id}/publish`)).body).toMatchObject({
      state: 'published',
    })
    const [onPage, ...more] = await published()
    expect(more).toEqual([])
    expect(onPage).toMatchObject({
      id,
      endorserDid: endorser.did,
      comment: COMMENT,
      target: 'achievement_version',
    })
    expect(onPage.document).toEqual(signed)
    await vi.waitFor(async () => expect(await anchorOf(id)).toBe('final'), { timeout: 20_000, interval: 200 })

    const { body: receipt } = await school.api.get(`/v1/endorsements/${id}/receipt`)
    const { body: alone } = await anybody.post('/v1/verify', { credential: signed, receipt })
    // It is on chain as it was signed. That the account is the issuer's, the endorsement itself does not say.
    expect(codes(alone)).toMatchObject({ proof: 'signature-holds', anchor: 'anchor-signer-unlisted' })
    expect(alone.anchor.signer).toBe(receipt.signer)
    const altered = structuredClone(signed)
    ;(altered['credentialSubject'] as unknown as Record<string, string>)['endorsementComment'] += '!'
    const { body: refused } = await anybody.post('/v1/verify', { credential: altered, receipt })
    expect(codes(refused)).toMatchObject({ proof: 'proof-signature-wrong', anchor: 'receipt-mismatch' })

    // 5. A badge of the achievement shows it, and the verifier checks it.
    await school.api.post('/v1/events', earning('ann'))
    const award = await awardOf(school.api, 'ann')
    const view = await school.api.get(`/v1/credentials/${award.credentialId}`)
    expect(view.body.endorsements).toEqual([onPage])
    const { body: report } = await anybody.post('/v1/verify', { credential: view.body.document })
    expect(report.verdict).toBe('valid')
    // Its signature holds and it is over these very bytes; who holds a did:key nobody can tell.
    const [endorsement] = report.endorsements
    expect(outcomes(endorsement)).toMatchObject({
      format: 'passed',
      schema: 'passed',
      proof: 'passed',
      endorsements: 'passed',
    })
    expect(endorsement).toMatchObject({ comment: COMMENT, embedded: false })

    // 6. Hidden, it is out of sight; twice it cannot be hidden, nor published again.
    expect((await school.api.post(`/v1/endorsements/${id}/hide`)).body.state).toBe('withdrawn')
    expect(await published()).toEqual([])
    for (const step of ['hide', 'publish']) {
      const { status, body } = await school.api.post(`/v1/endorsements/${id}/${step}`)
      expect([step, status, body.code]).toEqual([step, 409, 'conflict'])
    }
  })

  test('the issuer’s profile and a single badge are endorsed the same way', async () => {
    await school.api.post('/v1/events', earning('bob'))
    const award = await awardOf(school.api, 'bob')
    const ids: string[] = []
    for (const [target, targetId] of [
      ['issuer', firstAid.issuerId],
      ['credential', award.credentialId],
    ]) {
      const endorser = createEndorser()
      const { id, path } = await ask(endorser, { target, targetId })
      const request = await shown(path)
      expect(request.digest).toBe(await sha256(endorsableBytes(request.target)))
      expect((await hand(path, await endorser.sign(request.unsigned))).status).toBe(200)
      expect((await school.api.post(`/v1/endorsements/${id}/publish`)).status).toBe(200)
      ids.push(id)
    }
    const { body } = await school.api.get(`/v1/credentials/${award.credentialId}`)
    expect(body.endorsements.map((each: { id: string }) => each.id).sort()).toEqual([...ids].sort())
    const { body: report } = await anybody.post('/v1/verify', { credential: body.document })
    for (const endorsement of report.endorsements)
      expect(outcomes(endorsement)).toMatchObject({ proof: 'passed', endorsements: 'passed' })
    expect(report.endorsements).toHaveLength(2)
  })

  test('what is published before a badge is signed stands inside it where its achievement says so, and each is checked', async () => {
    const about = async (target: string, targetId: string) => {
      const endorser = createEndorser()
      const { id, path } = await ask(endorser, { target, targetId })
      await hand(path, await endorser.sign((await shown(path)).unsigned))
      expect((await school.api.post(`/v1/endorsements/${id}/publish`)).status).toBe(200)
    }
    const made = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: 'endorsed-inside',
      definition: {
        name: { en: 'Endorsed' },
        description: { en: 'With what others say of it.' },
        criteria: { en: 'Two of three modules.' },
        embedEndorsements: true,
      },
    })
    const version = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
    await about('achievement_version', version.body.id)
    await about('issuer', firstAid.issuerId)
    const gate = createEndorser()
    const rule = await school.api.post('/v1/rules', {
      name: 'Endorsed inside',
      document: { ...basicsRule('endorsed-inside'), gate: { endorsement: { quorum: 1, of: [gate.did] } } },
    })
    expect((await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)).status).toBe(200)
    await school.api.post('/v1/events', earning('dot'))
    const waiting = await awardIn('dot', made.body.id, 'awaiting_endorsement')
    const { body: award } = await school.api.get(`/v1/awards/${waiting.id}`)
    const link = await school.api.post(`/v1/endorsements/${award.endorsement.of[0].endorsementId}/link`, {})
    const path = `/v1/endorsement-requests/${tokenIn(link.body.requestUrl)}`
    await hand(path, await gate.sign((await shown(path)).unsigned))
    const { credentialId } = await awardIn('dot', made.body.id, 'issued')

    // One of the badge, one of its achievement, and those of its issuer; each is told of once, as it stands inside.
    const { body: credential } = await school.api.get(`/credentials/${credentialId}`)
    expect(credential.endorsement).toHaveLength(1)
    expect(credential.credentialSubject.achievement.endorsement).toHaveLength(1)
    expect(credential.issuer.endorsement.length).toBeGreaterThan(0)
    const inside = 2 + credential.issuer.endorsement.length
    const { body: report } = await anybody.post('/v1/verify', { credential })
    expect(report.verdict).toBe('valid')
    expect(report.endorsements).toHaveLength(inside)
    for (const endorsement of report.endorsements) {
      expect(endorsement).toMatchObject({ embedded: true, comment: expect.any(String) })
      expect(outcomes(endorsement)).toMatchObject({
        schema: 'passed',
        proof: 'passed',
        endorsements: 'passed',
      })
    }

    // Whoever takes it home elsewhere has them with it.
    const ann = await new Visitor(product).signIn('dot-elsewhere@example.org')
    const kept = await (await ann.send('POST', '/v1/backpack/imported', credential)).json()
    expect(
      kept.report.endorsements.map(({ checks }: { checks: { code: string }[] }) => checks.at(-1)?.code),
    ).toEqual(Array(inside).fill('endorsement-digest-fits'))
  })

  test('one that is signed as a token is taken, published, anchored, shown and stands in badges as endorsementJwt', async () => {
    const made = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: 'endorsed-by-token',
      definition: {
        name: { en: 'Endorsed by token' },
        description: { en: 'With what others say of it.' },
        criteria: { en: 'Two of three modules.' },
        embedEndorsements: true,
        selectiveDisclosure: true,
      },
    })
    const version = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
    const targetId = version.body.id
    const tokens: string[] = []
    for (const form of ['vc+jwt', 'ob3'] as const) {
      const endorser = createEndorser()
      const { id, path } = await ask(endorser, { targetId })
      const token = await endorser.signToken((await shown(path)).unsigned, form)
      expect((await hand(path, token)).body).toMatchObject({ id, state: 'signed' })
      const again = await hand(path, token)
      expect([again.status, again.body.code]).toEqual([409, 'endorsement-already-signed'])
      expect((await school.api.post(`/v1/endorsements/${id}/publish`)).status).toBe(200)
      tokens.push(token)

      await vi.waitFor(async () => expect(await anchorOf(id)).toBe('final'), {
        timeout: 20_000,
        interval: 200,
      })
      const { body: receipt } = await school.api.get(`/v1/endorsements/${id}/receipt`)
      const { body: alone } = await anybody.post('/v1/verify', { credential: token, receipt })
      expect(codes(alone)).toMatchObject({ proof: 'signature-holds', anchor: 'anchor-signer-unlisted' })
    }
    const { body: page } = await anybody.get(`/v1/public/achievements/${made.body.id}`)
    const onPage = page.endorsements.filter(({ jwt }: { jwt?: string }) => jwt !== undefined)
    expect(onPage.map(({ jwt }: { jwt: string }) => jwt).sort()).toEqual(tokens.toSorted())
    expect(onPage[0].comment).toBe(COMMENT)

    // A gate of one who signs a token as well: it is about the badge itself.
    const gate = createEndorser()
    const rule = await school.api.post('/v1/rules', {
      name: 'Endorsed by token',
      document: { ...basicsRule('endorsed-by-token'), gate: { endorsement: { quorum: 1, of: [gate.did] } } },
    })
    expect((await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)).status).toBe(200)
    await school.api.post('/v1/events', earning('tess'))
    const held = await awardIn('tess', made.body.id, 'awaiting_endorsement')
    const { body: award } = await school.api.get(`/v1/awards/${held.id}`)
    const link = await school.api.post(`/v1/endorsements/${award.endorsement.of[0].endorsementId}/link`, {})
    const path = `/v1/endorsement-requests/${tokenIn(link.body.requestUrl)}`
    await hand(path, await gate.signToken((await shown(path)).unsigned))
    const { credentialId } = await awardIn('tess', made.body.id, 'issued')

    const { body: credential } = await school.api.get(`/credentials/${credentialId}`)
    expect(credential.endorsementJwt).toHaveLength(1)
    expect(credential.endorsement).toBeUndefined()
    expect(credential.credentialSubject.achievement.endorsementJwt.toSorted()).toEqual(tokens.toSorted())
    const { body: report } = await anybody.post('/v1/verify', { credential })
    expect(report.verdict).toBe('valid')
    const inside = report.endorsements.filter(({ embedded }: { embedded: boolean }) => embedded)
    for (const endorsement of inside)
      expect(outcomes(endorsement)).toMatchObject({ proof: 'passed', endorsements: 'passed' })
    // Nothing that stands inside is told of once more as beside it.
    expect(report.endorsements.length).toBe(inside.length)
    expect(codes(report)).toMatchObject({ schema: 'schema-conforms' })

    // What its earner shows of it has none of them.
    const tess = await signedIn(product, 'tess@example.org')
    for (const offer of (await tess.get('/v1/account/offers')).body.items)
      expect((await tess.post(`/v1/account/offers/${offer.id}/accept`)).status).toBe(200)
    const { body: part } = await tess.get(`/v1/credentials/${credentialId}/disclosure`)
    expect(part.code).toBeUndefined()
    expect(JSON.stringify(part)).not.toContain('endorsement')
    const { body: ofPart } = await anybody.post('/v1/verify', { credential: part })
    expect([ofPart.verdict, codes(ofPart)['anchor']]).toEqual(['valid', 'disclosure-not-anchored'])
  })

  test('a token of somebody else, of something else, or with a word more is refused by a code', async () => {
    const endorser = createEndorser()
    const { path } = await ask(endorser)
    const { unsigned } = await shown(path)
    const token = await endorser.signToken(unsigned)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const said = JSON.parse(Buffer.from(header, 'base64url').toString())
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    const subject = { ...unsigned.credentialSubject, endorsementComment: 'Something else.' }
    const stranger = createEndorser()
    const other = await ask(createEndorser())
    const refused: readonly (readonly [string, string])[] = [
      [await stranger.signToken(unsigned), 'endorsement-wrong-key'],
      [await endorser.signToken((await shown(other.path)).unsigned), 'endorsement-wrong-key'],
      [await endorser.signToken({ ...unsigned, credentialSubject: subject }), 'endorsement-altered'],
      [`${header}.${encoded({ ...unsigned, exp: 4_000_000_000 })}.${signature}`, 'endorsement-altered'],
      [`${header}.${encoded({ ...unsigned, aud: 'you' })}.${signature}`, 'endorsement-altered'],
      [`${header}.${payload}.${flipped}`, 'endorsement-signature-wrong'],
      [`${encoded({ alg: 'none', typ: 'vc+jwt' })}.${payload}.AA`, 'endorsement-signature-wrong'],
      [`${header}.e30.${signature}`, 'endorsement-wrong-key'],
      [`${encoded({ ...said, x5c: ['A'.repeat(5000)] })}.${payload}.${signature}`, 'endorsement-altered'],
      [`${encoded({ ...said, typ: 'vc-ld+jwt' })}.${payload}.${signature}`, 'endorsement-altered'],
    ]
    for (const [wrong, code] of refused) {
      const answer = await hand(path, wrong)
      expect([answer.status, answer.body.code]).toEqual([422, code])
    }
    expect((await hand(path, 'no token')).status).toBe(400)
    const long = await hand(path, `${encoded({ ...said, x5c: 'A'.repeat(50_000) })}.${payload}.${signature}`)
    expect([long.status, long.body.code]).toEqual([400, 'invalid-request'])
    // Whoever was asked can sign all the same.
    expect((await hand(path, token)).body.state).toBe('signed')
  })

  test('an endorsement of version 1 is not shown on version 2, and does not verify for a badge of it', async () => {
    const endorser = createEndorser()
    const { id, path } = await ask(endorser)
    await hand(path, await endorser.sign((await shown(path)).unsigned))
    await school.api.post(`/v1/endorsements/${id}/publish`)
    const [first] = await published()
    const { achievementId } = firstAid
    const definition = {
      name: { en: 'First aid basics' },
      description: { en: 'Knows more.' },
      criteria: { en: 'Three of three.' },
    }
    await school.api.post(`/v1/achievements/${achievementId}/versions`, { definition })
    const second = await school.api.post(`/v1/achievements/${achievementId}/versions/2/publish`)
    expect(second.body.state).toBe('published')
    expect(await published()).toEqual([])
    expect(await published('?version=1')).toEqual([first])

    // A badge of version 2, and somebody who lays the endorsement of version 1 beside it.
    await school.api.post(`/v1/rules/${firstAid.ruleId}/versions`, { document: basicsRule() })
    await school.api.post(`/v1/rules/${firstAid.ruleId}/versions/2/activate`)
    await school.api.post('/v1/events', earning('cas'))
    const { credentialId } = await awardOf(school.api, 'cas')
    const { body: credential } = await school.api.get(`/credentials/${credentialId}`)
    expect(credential.credentialSubject.achievement.version).toBe('2')
    const { body: report } = await anybody.post('/v1/verify', { credential, endorsements: [first.document] })
    expect(report.endorsements[0].verdict).toBe('invalid')
    expect(report.endorsements[0].checks).toContainEqual(
      expect.objectContaining({ outcome: 'failed', code: 'endorsement-wrong-digest' }),
    )
    firstAid = { ...firstAid, versionId: second.body.id }
  })

  test('the example script does it from outside, as a process of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waarmerk-endorser-'))
    try {
      const script = join(import.meta.dirname, '../../examples/sign-endorsement.ts')
      const seed = join(folder, 'endorser.seed')
      const run = async (...rest: string[]) =>
        promisify(execFile)(process.execPath, [script, '--seed', seed, ...rest])
      const did = (await run()).stdout.trim()
      const { id, path } = await ask({ ...createEndorser(), did })
      const url = `${product.url}${path}`
      const { stdout, stderr } = await run('--url', url, '--post', `${url}/signature`)
      expect(stdout).toMatch(/^200 /)
      expect(stderr).toContain(COMMENT)
      expect((await listed(id)).state).toBe('signed')
      expect((await school.api.post(`/v1/endorsements/${id}/publish`)).body.state).toBe('published')

      // The link that is handed out and mailed does, too.
      const { id: linked, requestUrl } = await ask({ ...createEndorser(), did })
      const sent = await run('--url', requestUrl, '--send')
      expect(sent.stdout).toMatch(/^200 /)
      expect((await listed(linked)).state).toBe('signed')

      // A request that is made out to somebody else it does not sign.
      const other = await ask(createEndorser())
      const refused = run(
        '--url',
        `${product.url}${other.path}`,
        '--post',
        `${product.url}${other.path}/signature`,
      )
      await expect(refused).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Nothing was signed'),
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('what is refused, with its code, and leaves the request as it was', () => {
  const cases: [
    what: string,
    code: string,
    spoil: (unsigned: JsonObject, endorser: Endorser) => Promise<unknown>,
  ][] = [
    [
      'a context of its own in the proof, which the signature does not cover',
      'endorsement-altered',
      async (unsigned, endorser) => {
        const { proof, ...document } = await endorser.sign(unsigned)
        const own = { zz: 'https://x.example/zz' }
        return {
          ...document,
          proof: [proof].flat().map((each) => ({ ...(each as object), '@context': own })),
        }
      },
    ],
    ['another key', 'endorsement-wrong-key', (unsigned) => createEndorser().sign(unsigned)],
    [
      'another key under the name of the one who was asked',
      'endorsement-signature-wrong',
      async (unsigned, endorser) => {
        const [{ ...proof }] = (await createEndorser().sign(unsigned))['proof'] as unknown as [JsonObject]
        const method = `${endorser.did}#${endorser.did.slice('did:key:'.length)}`
        return { ...unsigned, proof: [{ ...proof, verificationMethod: method }] }
      },
    ],
    [
      'another issuer',
      'endorsement-wrong-key',
      async (unsigned, endorser) => ({
        ...(await endorser.sign(unsigned)),
        issuer: { id: 'did:key:zOther', type: ['Profile'] },
      }),
    ],
    [
      'another digest',
      'endorsement-wrong-digest',
      (unsigned, endorser) =>
        endorser.sign({
          ...unsigned,
          relatedResource: (unsigned['relatedResource'] as JsonObject[]).map((each) => ({
            ...each,
            digestSRI: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
          })),
        }),
    ],
    [
      'another target',
      'endorsement-wrong-target',
      (unsigned, endorser) =>
        endorser.sign({
          ...unsigned,
          credentialSubject: {
            ...(unsigned['credentialSubject'] as JsonObject),
            id: 'https://other.example.org/badge',
          },
        }),
    ],
    [
      'another comment',
      'endorsement-altered',
      (unsigned, endorser) =>
        endorser.sign({
          ...unsigned,
          credentialSubject: {
            ...(unsigned['credentialSubject'] as JsonObject),
            endorsementComment: 'The very best.',
          },
        }),
    ],
    [
      'a member more',
      'endorsement-altered',
      async (unsigned, endorser) => ({ ...(await endorser.sign(unsigned)), name: 'More' }),
    ],
    ['no proof', 'endorsement-unsigned', async (unsigned) => unsigned],
    ['an empty list of proofs', 'endorsement-unsigned', async (unsigned) => ({ ...unsigned, proof: [] })],
    [
      'a signature with one character changed',
      'endorsement-signature-wrong',
      async (unsigned, endorser) =>
        withProof(await endorser.sign(unsigned), (proof) => ({
          ...proof,
          proofValue: flipped(String(proof['proofValue'])),
        })),
    ],
    [
      'a suite that is not known',
      'endorsement-signature-wrong',
      async (unsigned, endorser) =>
        withProof(await endorser.sign(unsigned), (proof) => ({ ...proof, cryptosuite: 'none-2026' })),
    ],
    [
      'a proof for another purpose',
      'endorsement-signature-wrong',
      async (unsigned, endorser) =>
        withProof(await endorser.sign(unsigned), (proof) => ({ ...proof, proofPurpose: 'authentication' })),
    ],
    [
      'a good proof beside a bad one',
      'endorsement-signature-wrong',
      async (unsigned, endorser) => {
        const signed = await endorser.sign(unsigned)
        const [good] = signed['proof'] as unknown as JsonObject[]
        return { ...signed, proof: [good, { ...good, proofValue: flipped(String(good?.['proofValue'])) }] }
      },
    ],
    [
      'a hundred proofs',
      'endorsement-altered',
      async (unsigned, endorser) => {
        const signed = await endorser.sign(unsigned)
        const [good] = signed['proof'] as unknown as JsonObject[]
        return { ...signed, proof: Array.from({ length: 100 }, () => good) }
      },
    ],
  ]

  test.each(cases)('%s', async (_what, code, spoil) => {
    const endorser = createEndorser()
    const { id, path } = await ask(endorser)
    const { unsigned } = await shown(path)
    const spoiled = await spoil(unsigned, endorser)
    const before = await rowCounts(product.running.parts.databaseUrl)
    const started = usedCpuMs()
    const { status, body } = await hand(path, spoiled)
    expect([status, body.code]).toEqual([422, code])
    expect(usedCpuMs() - started).toBeLessThan(3000)
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
    expect((await listed(id)).state).toBe('viewed')
    // The request still takes the right one.
    expect((await hand(path, await endorser.sign(unsigned))).status).toBe(200)
  })

  test('posted twice, also by two at once: one signature is taken', async () => {
    const endorser = createEndorser()
    const { path } = await ask(endorser)
    const signed = await endorser.sign((await shown(path)).unsigned)
    const answers = await Promise.all(Array.from({ length: 8 }, () => hand(path, signed)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.code]).toEqual([409, 'endorsement-already-signed'])
    expect((await hand(path, signed)).body.code).toBe('endorsement-already-signed')
  })

  test('rejected, it takes no signature; with another token there is no request at all', async () => {
    const endorser = createEndorser()
    const { id, path } = await ask(endorser)
    const signed = await endorser.sign((await shown(path)).unsigned)
    const stranger = `/v1/endorsement-requests/${'A'.repeat(43)}`
    const wrong = await hand(stranger, signed)
    expect([wrong.status, wrong.body.code]).toEqual([404, 'not-found'])
    expect((await anybody.post(`${path}/reject`)).status).toBe(204)
    const late = await hand(path, signed)
    expect([late.status, late.body.code]).toEqual([409, 'conflict'])
    expect((await anybody.post(`${path}/reject`)).body.code).toBe('conflict')
    expect((await listed(id)).state).toBe('rejected')
  })

  test('an endorser whose did:web does not answer today may sign once it does', async () => {
    const endorser = createEndorser()
    const { path } = await ask({ ...endorser, did: 'did:web:trade.invalid' })
    const { unsigned } = await shown(path)
    const [proof] = (await endorser.sign(unsigned))['proof'] as unknown as JsonObject[]
    const answer = await hand(path, {
      ...unsigned,
      proof: [{ ...proof, verificationMethod: 'did:web:trade.invalid#key' }],
    })
    expect([answer.status, answer.body.code]).toEqual([424, 'endorsement-key-unavailable'])
    expect(answer.body.retry).toBe(true)
  })

  test('what is no target is not found: a draft, another kind of thing, and what nobody made', async () => {
    const draft = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: `draft-${Date.now()}`,
      definition: { name: { en: 'D' }, description: { en: 'D' }, criteria: { en: 'D' } },
    })
    for (const [target, targetId] of [
      ['achievement_version', draft.body.versions[0].id],
      ['achievement_version', firstAid.achievementId],
      ['issuer', firstAid.versionId],
      ['credential', firstAid.versionId],
      ['credential', '00000000-0000-4000-8000-00000000dead'],
    ]) {
      const { status, body } = await school.api.post('/v1/endorsements', {
        target,
        targetId,
        endorserDid: createEndorser().did,
        endorserName: 'E',
        comment: 'C',
      })
      expect([target, status, body.code]).toEqual([target, 404, 'not-found'])
    }
  })
})

const outcomes = (report: { checks: { name: string; outcome: string }[] }) =>
  Object.fromEntries(report.checks.map(({ name, outcome }) => [name, outcome]))

const codes = (report: { checks: { name: string; code: string }[] }) =>
  Object.fromEntries(report.checks.map(({ name, code }) => [name, code]))

const withProof = (signed: JsonObject, change: (proof: JsonObject) => JsonObject) => ({
  ...signed,
  proof: (signed['proof'] as unknown as JsonObject[]).map(change),
})

const flipped = (text: string) => `${text.slice(0, -2)}${text.at(-2) === 'a' ? 'b' : 'a'}${text.at(-1)}`

/** Where the leaf of a published endorsement is on its way to a final block. */
/** The award of this achievement to somebody, once it has come as far as that. */
const awardIn = (who: string, achievementId: string, state: string) =>
  vi.waitFor(
    async () => {
      const { body: subject } = await school.api.get(`/v1/subjects?identifier=email:${who}@example.org`)
      const { items } = (await school.api.get(`/v1/awards?subjectId=${subject.id}`)).body
      const held = items.find((each: { achievementId: string }) => each.achievementId === achievementId)
      expect(held).toMatchObject({ state })
      return held
    },
    { timeout: 20_000, interval: 100 },
  )

const anchorOf = (id: string) =>
  product.running.parts.database.inOrganisation(school.id, async (stores) => {
    const [leaf, ...more] = await stores.anchoring.leavesOf(id)
    expect(more).toEqual([])
    if (leaf?.place === undefined) return 'waiting'
    return (await stores.anchoring.findBatch(leaf.place.batchId))?.state
  })

describe('of a profile that changes', () => {
  const askIssuer = (endorser: Endorser) => ask(endorser, { target: 'issuer', targetId: firstAid.issuerId })
  const changed = async (body: object) => {
    const { revision } = (await school.api.get(`/v1/issuers/${firstAid.issuerId}`)).body
    const { status } = await school.api.send(
      'PATCH',
      `/v1/issuers/${firstAid.issuerId}`,
      JSON.stringify(body),
      { 'content-type': 'application/json', 'if-match': `"v${revision}"` },
    )
    expect(status).toBe(200)
  }
  const ofIssuer = async () =>
    (await anybody.get(`/v1/public/achievements/${firstAid.achievementId}`)).body.endorsements.filter(
      ({ target }: { target: string }) => target === 'issuer',
    )

  test('each endorsement that is not over becomes stale with it, and nobody can sign or publish it', async () => {
    const [asks, signs, publishes] = [createEndorser(), createEndorser(), createEndorser()]
    const before = await ofIssuer()
    const open = await askIssuer(asks)
    const signed = await askIssuer(signs)
    const shownFirst = await askIssuer(publishes)
    const unsigned = (await shown(open.path)).unsigned
    await hand(signed.path, await signs.sign((await shown(signed.path)).unsigned))
    await hand(shownFirst.path, await publishes.sign((await shown(shownFirst.path)).unsigned))
    expect((await school.api.post(`/v1/endorsements/${shownFirst.id}/publish`)).status).toBe(200)
    expect(await ofIssuer()).toHaveLength(before.length + 1)

    // The same once more is no change.
    await changed({ official: null })
    expect((await listed(shownFirst.id)).state).toBe('published')

    await changed({ official: 'Stichting Anders' })
    for (const { id } of [open, signed, shownFirst]) expect((await listed(id)).state).toBe('stale')
    expect(await ofIssuer()).toEqual([])
    expect((await shown(open.path)).state).toBe('stale')
    const late = await hand(open.path, await asks.sign(unsigned))
    expect([late.status, late.body.code]).toEqual([409, 'conflict'])
    const publish = await school.api.post(`/v1/endorsements/${signed.id}/publish`)
    expect([publish.status, publish.body.code]).toEqual([409, 'conflict'])
    const [entry] = (await school.api.get('/v1/audit')).body.items.filter(
      ({ action }: { action: string }) => action === 'issuer.changed',
    )
    expect(entry.detail).toEqual({
      changed: ['official'],
      before: expect.stringMatching(/^sha256-/),
      after: expect.stringMatching(/^sha256-/),
    })
    expect(entry.detail.before).not.toBe(entry.detail.after)
  })

  test('one that was asked for in the moment of the change is told by its digest', async () => {
    const endorser = createEndorser()
    const asked = await askIssuer(endorser)
    const unsigned = (await shown(asked.path)).unsigned
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query('UPDATE issuer SET official = $2 WHERE id = $1', [firstAid.issuerId, 'Stichting Nu']),
    )
    const late = await hand(asked.path, await endorser.sign(unsigned))
    expect([late.status, late.body.code]).toEqual([409, 'conflict'])
    expect((await shown(asked.path)).state).toBe('stale')
    expect((await listed(asked.id)).state).toBe('stale')
  })
})
