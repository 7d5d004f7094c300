import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OB_CONTEXT } from '#engine/credentials/contexts.ts'
import { HOSTILE_DOCUMENTS } from '#test/credentials/hostile/hostile-documents.ts'
import {
  CREATED,
  goodBadge,
  HOSTILE,
  LIST,
  METHOD,
  token,
  unsigned,
} from '#test/credentials/hostile/hostile-issuer.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { keyOf, suite } from '#test/verification/sample-issuer.ts'
import { PUBLISHER, trustList } from '#test/verification/sample-trust-list.ts'

let product: TestProduct
let api: ApiCaller
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  api = new ApiCaller(product.url)
}, 120_000)
afterAll(() => product?.stop())

const ajv = new Ajv2020({ strict: false })
;(addFormats as unknown as (to: Ajv2020) => void)(ajv)
const schema = JSON.parse(readFileSync('docs/schemas/verification-report.schema.json', 'utf8'))
ajv.addSchema(schema, 'verification-report.schema.json')
const fitsSchema = ajv.compile(schema)
const fitsPresentation = ajv.compile(
  JSON.parse(readFileSync('docs/schemas/presentation-report.schema.json', 'utf8')),
)

const send = (path: string, bytes: Uint8Array, type = 'application/octet-stream') =>
  api.send('POST', path, bytes as BodyInit, { 'content-type': type })
const checkOf = (body: { checks: { name: string }[] }, name: string) =>
  body.checks.find((each) => each.name === name)

describe('through the API', () => {
  test('a hostile document gets its code, never a fault of ours, and a report fits its schema', async () => {
    for (const { name, bytes, refused } of HOSTILE_DOCUMENTS) {
      const document = await bytes()
      // No body at all is refused at the door.
      if (document.length === 0) continue
      const { status, body } = await send('/v1/verify', document)
      // A file that a busy machine gave up is told to come again.
      if (body.code === 'unavailable') {
        expect([name, status]).toEqual([name, 503])
        continue
      }
      const codes: string[] =
        status === 200 ? body.checks.map(({ code }: { code: string }) => code) : [body.code]
      expect([name, status, codes.some((code) => refused.includes(code))]).toEqual([
        name,
        status === 200 ? 200 : body.code === 'document-too-large' ? 413 : 422,
        true,
      ])
      if (status === 200) {
        expect([name, body.verdict === 'valid']).toEqual([name, false])
        expect([name, fitsSchema(body), ajv.errorsText(fitsSchema.errors)]).toEqual([name, true, 'No errors'])
      }
    }
  }, 120_000)

  test('a trust list of the caller counts by the key that the caller names, and sources are told', async () => {
    const credential = await goodBadge()
    const list = trustList({
      validUntil: '2036-01-01T00:00:00Z',
      issuers: [{ name: 'A stranger', ids: [HOSTILE] }],
    })
    const ask = (trustKeys: readonly string[]) =>
      api.post('/v1/verify', { credential, trustLists: [list], trustKeys })
    const { body } = await ask([PUBLISHER])
    expect(checkOf(body, 'issuer')).toMatchObject({ outcome: 'passed', code: 'issuer-listed' })
    expect(checkOf(body, 'proof')).toMatchObject({ sources: [{ kind: 'did-itself', name: HOSTILE }] })
    expect(checkOf(body, 'status')).toMatchObject({ sources: [{ kind: 'status-list', name: LIST }] })
    expect(body.trustLists).toMatchObject([{ from: 'list 1', code: 'trust-list-holds', version: 3 }])
    expect(fitsSchema(body)).toBe(true)
    const unnamed = await ask([])
    expect(unnamed.body.trustLists).toMatchObject([{ code: 'trust-list-key-unnamed' }])
    expect(checkOf(unnamed.body, 'issuer')).toMatchObject({ code: 'issuer-unknown' })
  })

  test('whom a badge should be of is compared, and stands in no answer', async () => {
    const credential = await goodBadge()
    const { body } = await api.post('/v1/verify', { credential, recipient: 'ann@example.org' })
    expect(checkOf(body, 'recipient')).toMatchObject({ outcome: 'unknown', code: 'recipient-not-told' })
    expect(JSON.stringify(body)).not.toContain('ann@example.org')
    const wrong = await api.post('/v1/verify', { credential, recipient: 'Ann of Utrecht' })
    expect([wrong.status, JSON.stringify(wrong.body).includes('Utrecht')]).toEqual([400, false])
  })

  test('a file may come inside a request, and be printed', async () => {
    const file = Buffer.from(JSON.stringify(await goodBadge())).toString('base64')
    const { body } = await api.post('/v1/verify', { file, recipient: 'ann@example.org' })
    expect(checkOf(body, 'proof')).toMatchObject({ code: 'signature-holds' })
    const credential = await goodBadge()
    expect((await api.post('/v1/verify/report', { credential })).status).toBe(200)
    expect((await api.post('/v1/verify', { credential, file })).status).toBe(400)
  })

  test('over the bounds it is too large, whichever way it comes', async () => {
    const wide = { ...(await goodBadge()), name: Array.from({ length: 5000 }, () => 'x') }
    const wider = { ...wide, name: Array.from({ length: 30_000 }, () => 'x') }
    for (const document of [wide, wider])
      for (const { status, body } of [
        await api.post('/v1/verify', { credential: document }),
        await api.post('/v1/verify', document),
        await send('/v1/verify', new TextEncoder().encode(JSON.stringify(document))),
      ])
        expect([status, body.code]).toEqual([413, 'document-too-large'])
  })

  test('the same question gives a PDF, in the language of the reader', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(await goodBadge()))
    const ask = async (query: string, language: string) => {
      const answer = await api.send('POST', `/v1/verify/report${query}`, bytes as BodyInit, {
        'content-type': 'application/vc',
        'accept-language': language,
      })
      const text = Buffer.from(answer.bytes).toString('latin1')
      return [answer.status, text.slice(0, 8), /\/Lang \((\w+)\)/.exec(text)?.[1]]
    }
    expect(await ask('', 'nl-NL,nl;q=0.9,en;q=0.8')).toEqual([200, '%PDF-1.7', 'nl'])
    expect(await ask('', 'fr')).toEqual([200, '%PDF-1.7', 'en'])
    expect(await ask('?language=nl', 'en')).toEqual([200, '%PDF-1.7', 'nl'])
  })

  test('a presentation is verified wherever a badge is, and each credential in it has its own report', async () => {
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: HOSTILE,
      verifiableCredential: [await goodBadge(), { ...(await goodBadge()), name: 'Another' }],
    }
    const credential = await suite.addProof(presentation, keyOf(HOSTILE, 60), CREATED, {
      purpose: 'authentication',
      challenge: 'c-1',
      domain: 'shop.example.org',
    })
    const answers = await Promise.all([
      api.post('/v1/verify', { credential, challenge: 'c-1', domain: 'shop.example.org' }),
      api.post('/v1/verify', { credential, challenge: 'c-2' }),
      send('/v1/verify', new TextEncoder().encode(JSON.stringify(credential))),
    ])
    for (const { status, body } of answers) {
      expect([status, body.format]).toEqual([200, 'waarmerk-presentation-report/1'])
      expect([fitsPresentation(body), ajv.errorsText(fitsPresentation.errors)]).toEqual([true, 'No errors'])
    }
    const [right, wrong, file] = answers.map(({ body }) => body)
    expect(right).toMatchObject({ verdict: 'invalid', holder: HOSTILE })
    expect(checkOf(right, 'challenge')).toMatchObject({ code: 'challenge-answered' })
    expect(right.credentials.map((each: { checks: never[] }) => checkOf(each, 'proof'))).toMatchObject([
      { code: 'signature-holds' },
      { code: 'proof-signature-wrong' },
    ])
    expect([checkOf(wrong, 'proof'), wrong.credentials]).toMatchObject([
      { code: 'proof-challenge-wrong' },
      [],
    ])
    expect(checkOf(file, 'challenge')).toMatchObject({ code: 'challenge-not-asked' })
    // A credential answers no challenge, and is not taken for an answer.
    const alone = await api.post('/v1/verify', { credential: await goodBadge(), challenge: 'c-1' })
    expect([alone.status, alone.body.code]).toEqual([422, 'nothing-presented'])
  })

  test('a presentation as a token, and as a paper', async () => {
    const vp = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: HOSTILE,
      nonce: 'c-1',
      verifiableCredential: [await goodBadge()],
    }
    const compact = await token({ alg: 'EdDSA', typ: 'vp+jwt', kid: METHOD }, vp)
    const { body } = await send('/v1/verify', new TextEncoder().encode(compact), 'application/jwt')
    expect([body.format, checkOf(body, 'proof')]).toMatchObject([
      'waarmerk-presentation-report/1',
      { code: 'presentation-signed' },
    ])
    const paper = await api.post('/v1/verify/report?language=nl', { credential: compact, challenge: 'c-1' })
    expect([paper.status, Buffer.from(paper.bytes).toString('latin1').slice(0, 8)]).toEqual([200, '%PDF-1.7'])
  })

  test('a presentation makes the server fetch no more than its budget: the rest could not be checked', async () => {
    const paths: string[] = []
    const server = createServer(({ url = '' }, response) => {
      paths.push(url)
      response.writeHead(500).end()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const host = `localhost%3A${(server.address() as AddressInfo).port}`
    const endorsementBy = (issuer: string) =>
      token(
        { alg: 'EdDSA', typ: 'vc+jwt', kid: `${issuer}#key` },
        {
          '@context': ['https://www.w3.org/ns/credentials/v2', OB_CONTEXT],
          type: ['VerifiableCredential', 'EndorsementCredential'],
          issuer: { id: issuer, type: ['Profile'] },
          validFrom: '2026-01-01T00:00:00Z',
          credentialSubject: { id: HOSTILE, type: ['EndorsementSubject'] },
        },
      )
    const { credentialStatus: _, ...bare } = unsigned()
    const inside = await Promise.all(
      Array.from({ length: 6 }, async (_, badge) => {
        const names = Array.from({ length: 16 }, (_, at) => `did:web:${host}:e:${badge}-${at}`)
        const endorsementJwt = await Promise.all(names.map(endorsementBy))
        const text = await token({ alg: 'EdDSA', typ: 'vc+jwt', kid: METHOD }, { ...bare, endorsementJwt })
        return {
          '@context': 'https://www.w3.org/ns/credentials/v2',
          type: 'EnvelopedVerifiableCredential',
          id: `data:application/vc+jwt,${text}`,
        }
      }),
    )
    const credential = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: HOSTILE,
      verifiableCredential: inside,
    }
    const answers = await Promise.all([
      api.post('/v1/verify', { credential }),
      api.post('/v1/verify', { credential: inside[0] }),
    ])
    server.close()
    const [{ body }, alone] = answers
    expect(body.credentials.map((each: { endorsements: unknown[] }) => each.endorsements.length)).toEqual(
      Array(6).fill(16),
    )
    const proofs = body.credentials.flatMap((each: { endorsements: { checks: never[] }[] }) =>
      each.endorsements.map((endorsement) => checkOf(endorsement, 'proof')),
    )
    // Those that were asked for, and those that were not, have the same answer.
    expect(new Set(proofs.map(({ outcome, code }: Record<string, string>) => `${outcome} ${code}`))).toEqual(
      new Set(['unknown issuer-unavailable']),
    )
    expect(alone.body.endorsements).toHaveLength(16)
    // Another request at the same time has a budget of its own.
    expect(paths).toHaveLength(64 + 16)
  })
})
