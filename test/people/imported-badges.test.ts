import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId, ImportedBadgeId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { createEndorser } from '#test/product/endorser.ts'
import { awardOf, completed } from '#test/product/first-aid.ts'
import { setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { strangersBadgeOf } from '#test/product/strangers-badge.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// Badges of an organisation here are as foreign to the backpack of whoever did not claim them as any others.

let product: TestProduct
let school: TestOrganisation
let ann: ApiCaller
let bob: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('import-school')
  await setUpGradedBadge(school.api, 'import-academy')
  ann = await signedIn(product, 'import-ann@example.org')
  bob = await signedIn(product, 'import-bob@example.org')
})
afterAll(() => product?.stop())

const bring = (who: ApiCaller, file: JsonObject | Uint8Array | string, type = 'application/json') =>
  who.send(
    'POST',
    '/v1/backpack/imported',
    file instanceof Uint8Array ? (file as BodyInit) : typeof file === 'string' ? file : JSON.stringify(file),
    { 'content-type': type },
  )
const kept = async (who: ApiCaller) => (await who.get('/v1/backpack/imported')).body.items

async function schoolsBadge(learner: string) {
  await school.api.post('/v1/events', [completed(learner, 1), completed(learner, 2)])
  const award = await awardOf(school.api, learner)
  const file = async (format: string) =>
    (await school.api.get(`/v1/credentials/${award.credentialId}/document?format=${format}`)).bytes
  return { award, file }
}

/** A badge of somebody whom this server does not know. */
async function strangersBadge(subject: JsonObject = {}): Promise<JsonObject> {
  const stranger = createEndorser()
  return stranger.sign(strangersBadgeOf(stranger.did, subject))
}
const naming = (address: string, salt: string): JsonObject => ({
  identifier: [
    {
      type: 'IdentityObject',
      hashed: true,
      identityHash: `sha256$${createHash('sha256')
        .update(address + salt)
        .digest('hex')}`,
      identityType: 'emailAddress',
      salt,
    },
  ],
})

describe('a badge from elsewhere', () => {
  test('is kept once it verifies, as JSON or baked, and the same document once an account', async () => {
    const { file } = await schoolsBadge('import-one')
    const png = await file('png')
    const made = await bring(ann, png, 'image/png')
    expect([made.status, made.body.code]).toEqual([201, undefined])
    expect(made.body).toMatchObject({
      badge: { name: 'TEST First aid graded', verdict: 'valid', issuer: { known: true } },
      report: { verdict: 'valid' },
    })
    for (const [bytes, type] of [
      [await file('json'), 'application/vc+ld+json'],
      [await file('svg'), 'image/svg+xml'],
    ] as const) {
      const again = await bring(ann, bytes, type)
      expect(again.body).toMatchObject({ status: 409, code: 'badge-imported' })
    }
    expect(await kept(ann)).toEqual([made.body.badge])
    const path = `/v1/backpack/imported/${made.body.badge.id}`
    const back = await ann.get(`${path}/document`)
    expect([back.type, back.bytes]).toEqual(['image/png', png])
    expect(back.headers.get('content-security-policy')).toContain('sandbox')
    // It is no badge of theirs here, and what they have claimed stays apart.
    expect((await ann.get('/v1/backpack')).body.items).toEqual([])

    // Another account may keep the same; nobody reaches another's.
    expect((await bring(bob, png, 'image/png')).status).toBe(201)
    for (const answer of [
      await bob.get(path),
      await bob.get(`${path}/document`),
      await bob.post(`${path}/recheck`),
      await bob.send('DELETE', path, undefined),
    ])
      expect(answer.body).toMatchObject({ status: 404, code: 'not-found' })
  })

  test('is brought from two processes at once and kept once', async () => {
    const document = await strangersBadge()
    const { accountId } = await ownerOf(ann)
    const second = composeAgain(product, {}).routes.importBadges
    const bytes = new TextEncoder().encode(JSON.stringify(document))
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0
          ? bring(ann, document).then(({ status, body }) => (status === 201 ? 'kept' : body.code))
          : second.bring(accountId, { bytes, mediaType: 'application/json' }).then(
              () => 'kept',
              ({ code }) => code as string,
            ),
      ),
    )
    expect(outcomes.sort()).toEqual([...Array(9).fill('badge-imported'), 'kept'])
  })

  test('says whether it names its holder, and does not guess', async () => {
    const cas = await signedIn(product, 'import-cas@example.org')
    const matches = async (subject: JsonObject) => {
      const { status, body } = await bring(cas, await strangersBadge(subject))
      expect([status, body.code]).toEqual([201, undefined])
      // Signed by whom it says, and nobody here knows them.
      expect(body.badge).toMatchObject({ verdict: 'undecided', issuer: { name: 'Stranger', known: false } })
      return body.badge.matchesHolder
    }
    expect(await matches(naming('import-cas@example.org', 'Kosher'))).toBe('yes')
    expect(await matches(naming('somebody@example.org', 'Kosher'))).toBe('no')
    expect(await matches({})).toBe('unknown')
  })

  test('what is no badge, too large, forged or cannot be checked is refused by its code, and nothing is kept', async () => {
    const dee = await signedIn(product, 'import-dee@example.org')
    const good = await strangersBadge()
    const refused = async (file: JsonObject | Uint8Array | string, type?: string) => {
      const { body } = await bring(dee, file, type)
      return [body.status, body.code]
    }
    expect(await refused('not a badge', 'text/plain')).toEqual([422, 'document-unreadable'])
    expect(await refused({ '@context': [], hello: 'world' })).toEqual([422, 'not-a-badge'])
    const other = { ...good, type: ['VerifiableCredential', 'EndorsementCredential'] }
    expect(await refused(other)).toEqual([422, 'not-a-badge'])
    expect(await refused('x'.repeat(1_100_000), 'text/plain')).toEqual([413, 'document-too-large'])
    expect(await refused({ ...good, name: 'Hero' })).toEqual([422, 'foreign-badge-invalid'])
    const away = { ...(good['issuer'] as JsonObject), id: 'did:web:nobody.invalid' }
    expect((await refused({ ...good, issuer: away }))[0]).toBeGreaterThanOrEqual(409)
    expect(await kept(dee)).toEqual([])
    const key = await school.api.get('/v1/backpack/imported')
    expect(key.body.code).toBe('session-required')
  })

  test('is checked again: one that was revoked stays, and says so; removed, it may be brought again', async () => {
    const { award, file } = await schoolsBadge('import-two')
    const json = await file('json')
    const { badge } = (await bring(ann, json, 'application/vc+ld+json')).body
    expect(badge.verdict).toBe('valid')
    await school.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'A mistake.' })
    const path = `/v1/backpack/imported/${badge.id}`
    const again = await ann.post(`${path}/recheck`)
    expect(again.body).toMatchObject({
      badge: { id: badge.id, verdict: 'invalid' },
      report: { verdict: 'invalid' },
    })
    expect((await ann.get(path)).body).toEqual(again.body.badge)
    const removals = await Promise.all([1, 2].map(() => ann.send('DELETE', path, undefined)))
    expect(removals.map(({ status }) => status).sort()).toEqual([204, 404])
    expect((await ann.get(path)).status).toBe(404)
    expect((await bring(ann, json, 'application/vc+ld+json')).body.code).toBe('foreign-badge-invalid')
    const events = (await ann.get('/v1/account/events')).body.items
    expect(events.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['imported_badge.imported', 'imported_badge.removed']),
    )
  })
})

/** Whose the badges of a caller are. */
const ownerOf = async (who: ApiCaller): Promise<{ accountId: AccountId }> => {
  const [first] = await kept(who)
  const found = await product.running.parts.database.asWorker((stores) =>
    stores.importedBadges.find(first.id as ImportedBadgeId),
  )
  if (found === undefined) throw new Error('There is no badge from elsewhere.')
  return found
}

test('what cannot be read, or is too large, is refused by what it is', async () => {
  const codes = async (...files: readonly (readonly [file: string, type?: string])[]) => {
    const answers = []
    for (const [file, type] of files) {
      const { status, body } = await bring(ann, file, type)
      answers.push([status, body.code])
    }
    return answers
  }
  const large = JSON.stringify({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    name: 'x'.repeat(1_100_000),
  })
  expect(
    await codes(
      ['[]'],
      ['{"a":'],
      ['No badge.', 'text/plain'],
      ['No badge.', 'application/octet-stream'],
      [large],
      [large, 'text/plain'],
      ['x'.repeat(10_000_001), 'text/plain'],
    ),
  ).toEqual([
    [400, 'invalid-request'],
    [400, 'malformed-json'],
    [422, 'document-unreadable'],
    [422, 'document-unreadable'],
    [413, 'document-too-large'],
    [413, 'document-too-large'],
    [413, 'body-too-large'],
  ])
})
