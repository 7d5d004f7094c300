import { afterAll, describe, expect, test } from 'vitest'
import { defaultHttpLimits } from '#api/http/http-limits.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { SignOptions } from '#services/ports/sign-options.ts'
import { usedThreadCpuMs } from '#test/used-cpu.ts'
import {
  CONTROLLER,
  codesOf,
  EXAMPLES,
  holder,
  minimal,
  now,
  older,
  REVOCATION,
  startVcApi,
  suite,
  teacher,
  V1,
  V2,
} from './vc-api-product.ts'

const DATA_INTEGRITY = 'https://w3id.org/security/data-integrity/v2'

const { stop, anybody, p256Did, issue, verify, present, issued } = await startVcApi()
afterAll(stop)

describe('verifying', () => {
  const own = (change: JsonObject = {}): JsonObject => ({ ...minimal, issuer: teacher.did, ...change })

  test.each<[string, SignOptions]>([
    ['eddsa-rdfc-2022', {}],
    ['eddsa-jcs-2022', { cryptosuite: 'eddsa-jcs-2022' }],
  ])('a credential of somebody else under %s', async (_name, options) => {
    const answer = await verify(await teacher.sign(own(), options), { checks: ['proof'] })
    expect([answer.status, answer.body.verified]).toEqual([200, true])
    expect(answer.body.warnings.map(({ code }: { code: string }) => code)).toEqual(['issuer-unknown'])
  })

  test('a key that stands for an address counts where the operator says so', async () => {
    const signed = await teacher.sign(own({ issuer: CONTROLLER }))
    expect((await verify(signed)).status).toBe(200)
    const another = await teacher.sign(own({ issuer: 'https://institute.example.org/issuers/2' }))
    expect(codesOf(await verify(another))).toContain('proof-key-not-of-issuer')
  })

  test.each<[string, JsonObject, string]>([
    ['expired', { validUntil: '2001-01-01T00:00:00Z' }, 'expired'],
    ['not yet valid', { validFrom: '4023-02-26T01:02:58Z' }, 'not-yet-valid'],
  ])('one that is %s is not verified', async (_name, change, code) => {
    const answer = await verify(await teacher.sign(own(change)))
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]])
  })

  test.each<[string, JsonObject, string[]]>([
    [
      'the earlier end',
      { expirationDate: '2001-01-01T00:00:00Z', validUntil: '4023-01-01T00:00:00Z' },
      ['expired'],
    ],
    [
      'the later beginning',
      { issuanceDate: '4023-01-01T00:00:00Z', validFrom: '2000-01-01T00:00:00Z' },
      ['not-yet-valid'],
    ],
    ['neither', { expirationDate: '4023-01-01T00:00:00Z', validUntil: '4022-01-01T00:00:00Z' }, []],
  ])('of the older and the newer names of dates in one document, %s counts', async (_name, change, codes) => {
    const document = { ...older, '@context': [V1, DATA_INTEGRITY], issuanceDate: '2000-01-01T00:00:00Z' }
    const answer = await verify(await teacher.sign({ ...document, issuer: teacher.did, ...change }))
    expect(codesOf(answer)).toEqual(codes)
  })

  test('one that was changed is not verified', async () => {
    const signed = await teacher.sign(own())
    const answer = await verify({ ...signed, id: 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c02' })
    expect([answer.status, codesOf(answer)]).toEqual([400, ['proof-signature-wrong']])
  })

  test('a status that cannot be looked up is told apart', async () => {
    const entry = { ...REVOCATION, statusListIndex: '1', statusListCredential: 'https://nobody.invalid/1' }
    const answer = await verify(await teacher.sign(own({ credentialStatus: entry })))
    expect([answer.status, codesOf(answer)]).toEqual([422, ['status-unavailable']])
  })

  test('every proof of a set must hold, also one of somebody else beside it', async () => {
    const signed = await teacher.sign(own())
    const both = await suite.addProof(signed, holder.key, now())
    expect((await verify(both)).status).toBe(200)
    const [first, second] = both['proof'] as readonly JsonObject[]
    const proofValue = first?.['proofValue'] ?? ''
    expect(codesOf(await verify({ ...both, proof: [first, { ...second, proofValue }] as Json }))).toEqual([
      'proof-signature-wrong',
    ])
    // Alone it says nothing for the issuer.
    expect(codesOf(await verify({ ...both, proof: second as Json }))).toEqual(['proof-key-not-of-issuer'])
  })

  test('a chain of proofs is followed', async () => {
    const first = await suite.addProof(own(), holder.key, now(), {
      proofId: 'urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544',
    })
    for (const previousProof of [
      'urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544',
      ['urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544'],
    ]) {
      const chained = await suite.addProof(first, teacher.key, now(), { previousProof })
      expect((await verify(chained)).status).toBe(200)
      const [, second] = chained['proof'] as readonly JsonObject[]
      expect(codesOf(await verify({ ...chained, proof: second as Json }))).toEqual(['proof-chain-broken'])
    }
  })

  test.each([
    ['application/vc+jwt', 'bare'],
    ['application/jwt', 'vc'],
    ['application/vc-ld+jwt;charset=utf-8', 'bare'],
  ])('a token in %s, its payload %s', async (mediaType, form) => {
    const token = await teacher.token(form === 'vc' ? { iss: teacher.did, vc: own() } : own())
    const id = `data:${mediaType},${token}`
    const answer = await verify({ '@context': [V2], type: 'EnvelopedVerifiableCredential', id })
    expect([answer.status, codesOf(answer)]).toEqual([200, []])
  })

  test('a token of VC Data Model 1.1 says in its claims what it leaves out of the credential', async () => {
    const vc = { '@context': [V1], type: ['VerifiableCredential'], credentialSubject: { name: 'Ann' } }
    const claims = { iss: teacher.did, sub: 'did:example:ann', nbf: 1_262_304_000, vc }
    const envelope = async (payload: JsonObject) => ({
      '@context': [V2],
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/jwt,${await teacher.token(payload, { typ: 'JWT' })}`,
    })
    const answer = await verify(await envelope(claims))
    expect([answer.status, codesOf(answer)]).toEqual([200, []])
    expect(codesOf(await verify(await envelope({ ...claims, iss: holder.did })))).toEqual([
      'proof-key-not-of-issuer',
    ])
    expect(codesOf(await verify(await envelope({ ...claims, exp: 1_262_304_001 })))).toEqual(['expired'])
  })

  test.each<[string, unknown]>([
    ['a text', 'x'],
    ['a number', 7],
    ['null', null],
    ['a list', []],
    ['a document without anything', {}],
    ['contexts as a text', { ...minimal, '@context': V2 }],
    ['a type as a text', { ...minimal, type: 'VerifiableCredential' }],
  ])('%s is refused with 400', async (_name, document) => {
    const answer = await verify(document)
    expect(answer.status).toBe(400)
    expect(answer.body.problemDetails).not.toEqual([])
    expect(answer.body.problemDetails).toBeDefined()
  })

  test('what has many more values than a document may have is not even read to its end', async () => {
    const many = `[${'1,'.repeat(500_000)}1]`
    for (const [path, member] of [
      ['/vc/credentials/verify', 'verifiableCredential'],
      ['/vc/presentations/verify', 'verifiablePresentation'],
    ] as const) {
      const body = new TextEncoder().encode(`{"${member}":{"x":${many}}}`)
      const before = usedThreadCpuMs()
      const read = parseStrictJson(body, defaultHttpLimits.body.credential)
      expect(usedThreadCpuMs() - before).toBeLessThan(25)
      expect(read).toMatchObject({ ok: false, code: 'too-many-nodes' })
      const answer = await anybody.post(path, JSON.parse(new TextDecoder().decode(body)))
      expect(answer).toMatchObject({ status: 413, body: { code: 'document-too-large' } })
    }
  })

  test('what is beyond the bounds is refused with 413 before any work', async () => {
    let deep: Json = 'x'
    for (let at = 0; at < 80; at++) deep = [deep]
    const wide = { ...minimal, name: Array.from({ length: 5000 }, () => 'x') }
    const long = { ...minimal, name: 'x'.repeat(1_050_000) }
    for (const document of [{ ...minimal, deep }, wide, long]) {
      const answers = [await verify(document), await present(document), await issue({ credential: document })]
      expect(answers.map(({ status }) => status)).toEqual([413, 413, 413])
    }
  })
})

describe('selective disclosure', () => {
  test('a base proof gives disclosures that verify, and one that was changed does not', async () => {
    const person = { id: 'did:example:subject', name: 'Ann', email: 'mailto:ann@example.org' }
    const credential = { ...minimal, '@context': [V2, EXAMPLES], issuer: p256Did, credentialSubject: person }
    const options = { cryptosuite: 'ecdsa-sd-2023', mandatoryPointers: ['/issuer'] }
    const base = await issued({ credential, options })
    // It is for its holder.
    expect((await verify(base)).status).toBe(400)
    const derive = (verifiableCredential: Json, selectivePointers: string[]) =>
      anybody.post('/vc/credentials/derive', { verifiableCredential, options: { selectivePointers } })
    const { status, body } = await derive(base, ['/credentialSubject/name'])
    expect(status).toBe(201)
    const shown: JsonObject = body.verifiableCredential
    expect(shown).toMatchObject({ issuer: p256Did, credentialSubject: { name: 'Ann' } })
    expect(JSON.stringify(shown)).not.toContain('ann@example.org')
    expect(await verify(shown)).toMatchObject({ status: 200, body: { verified: true } })
    expect((await verify({ ...shown, credentialSubject: { ...person, name: 'Bob' } })).status).toBe(400)
    expect((await derive(base, ['/credentialSubject/nothing'])).status).toBe(422)
    expect((await derive(await teacher.sign({ ...minimal, issuer: teacher.did }), [])).status).toBe(422)
    expect((await derive({}, [])).status).toBe(422)
  })
})

describe('presentations', () => {
  const bare: JsonObject = { '@context': [V2], type: ['VerifiablePresentation'] }
  const credential = () => teacher.sign({ ...minimal, issuer: teacher.did })

  test('one with a challenge and a domain, its holder and its credentials', async () => {
    const options = { challenge: 'c-1', domain: 'verifier.example.org' }
    const presentation = {
      ...bare,
      holder: holder.did,
      verifiableCredential: [await credential(), await credential()],
    }
    const signed = await holder.present(presentation, options)
    expect(await present(signed, options)).toMatchObject({ status: 200, body: { verified: true } })
    expect(codesOf(await present(signed, { ...options, challenge: 'c-2' }))).toEqual([
      'proof-challenge-wrong',
    ])
    expect(codesOf(await present(signed, { ...options, domain: 'other.example.org' }))).toEqual([
      'proof-domain-wrong',
    ])
    expect((await present({ ...signed, holder: teacher.did }, options)).status).toBe(400)
  })

  test('without credentials and without a holder it is one as well', async () => {
    expect(
      (await present(await holder.present({ ...bare, id: 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c03' })))
        .status,
    ).toBe(200)
    expect(
      (
        await present(
          await holder.present({ ...bare, '@context': [V1, 'https://w3id.org/security/data-integrity/v2'] }),
        )
      ).status,
    ).toBe(200)
  })

  test('one that was signed for something else, or not at all, is not verified', async () => {
    const asserted = await holder.present(bare, { purpose: 'assertionMethod' })
    expect(codesOf(await present(asserted))).toEqual(['proof-purpose-wrong'])
    expect(codesOf(await present(bare))).toEqual(['proof-missing'])
    expect((await present(await holder.present({ ...bare, holder: {} }))).status).toBe(400)
    const { type: _left, ...untyped } = await holder.present(bare)
    expect((await present(untyped)).status).toBe(400)
  })

  test('one bad credential in it spoils it', async () => {
    const expired = await teacher.sign({
      ...minimal,
      issuer: teacher.did,
      validUntil: '2001-01-01T00:00:00Z',
    })
    const signed = await holder.present({ ...bare, verifiableCredential: [await credential(), expired] })
    expect(codesOf(await present(signed))).toEqual(['expired'])
    const many = Array.from({ length: 17 }, () => minimal)
    expect((await present(await holder.present({ ...bare, verifiableCredential: many }))).status).toBe(400)
  })

  test('the holder vouches for what it says of itself, and for nothing else', async () => {
    const asserted = { ...minimal, issuer: holder.did }
    const self = { ...bare, verifiableCredential: [asserted] }
    expect((await present(await holder.present({ ...self, holder: holder.did }))).status).toBe(200)
    expect(codesOf(await present(await holder.present(self)))).toEqual(['proof-missing'])
    const others = {
      ...bare,
      holder: holder.did,
      verifiableCredential: [{ ...minimal, issuer: teacher.did }],
    }
    expect(codesOf(await present(await holder.present(others)))).toEqual(['proof-missing'])
  })

  test('an enveloped presentation with an enveloped credential', async () => {
    const inside = await teacher.token({ ...minimal, issuer: teacher.did })
    const envelope = (type: string, kind: string, token: string) => ({
      '@context': [V2],
      type,
      id: `data:application/${kind}+jwt,${token}`,
    })
    const vp = {
      ...bare,
      holder: holder.did,
      verifiableCredential: [envelope('EnvelopedVerifiableCredential', 'vc', inside)],
    }
    const token = await holder.token({ ...vp, nonce: 'c-1' }, { typ: 'vp+jwt' })
    const enveloped = envelope('EnvelopedVerifiablePresentation', 'vp', token)
    const answer = await present(enveloped, { challenge: 'c-1' })
    expect([answer.status, codesOf(answer)]).toEqual([200, []])
    expect((await present(enveloped, { challenge: 'c-2' })).status).toBe(400)
    expect((await present({ ...enveloped, '@context': [] })).status).toBe(400)
    expect((await present({ ...enveloped, type: ['VerifiablePresentation'] })).status).toBe(400)
    expect((await present({ ...enveloped, id: token })).status).toBe(400)
    const old = await holder.token({
      iss: holder.did,
      vp: { ...bare, '@context': [V1], verifiableCredential: [inside] },
    })
    const olderAnswer = await present(envelope('EnvelopedVerifiablePresentation', 'vp', old))
    expect([olderAnswer.status, codesOf(olderAnswer)]).toEqual([200, []])
  })
})
