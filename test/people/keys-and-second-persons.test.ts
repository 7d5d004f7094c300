import { afterAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { signedIn } from '#test/product/member.ts'
import { remove, startSchool } from './school.ts'

const { product, owner, member } = await startSchool('keys-school')
afterAll(() => product.stop())

describe('API keys', () => {
  test('are renamed, and say when they were last used, to the minute', async () => {
    const made = await owner.post('/v1/api-keys', { name: 'Before', rights: ['read'] })
    const { id } = made.body.apiKey
    const api = new ApiCaller(product.url, { authorization: `Bearer ${made.body.secret}` })
    const renamed = await owner.send('PATCH', `/v1/api-keys/${id}`, '{"name":"After"}', {
      'content-type': 'application/json',
    })
    expect([renamed.status, renamed.body.name, renamed.body.lastUsedAt]).toEqual([200, 'After', null])
    const listed = async () =>
      (await owner.get('/v1/api-keys')).body.items.find((key: { id: string }) => key.id === id)
    await api.get('/v1/units')
    const first = (await listed()).lastUsedAt
    expect(Date.now() - Date.parse(first)).toBeLessThan(60_000)
    for (let time = 0; time < 5; time++) await api.get('/v1/units')
    expect((await listed()).lastUsedAt).toBe(first)
    const passed = await product.running.parts.database.asWorker(async (stores) => {
      const at = asInstant(Date.parse(first) + 60_000)
      await stores.access.noteKeyUse(id, at, asInstant(at - 60_000))
      return at
    })
    expect(Date.parse((await listed()).lastUsedAt)).toBe(passed)
  })

  test('the list shows what is over and why', async () => {
    const soon = new Date(Date.now() + 600).toISOString()
    const over = await owner.post('/v1/api-keys', { name: 'Over', rights: ['read'], expiresAt: soon })
    const ended = await owner.post('/v1/api-keys', { name: 'Ended', rights: ['read'] })
    await remove(owner, `/v1/api-keys/${ended.body.apiKey.id}`)
    const states = async () => {
      const { items } = (await owner.get('/v1/api-keys')).body
      const stateOf = (id: string) => items.find((key: { id: string }) => key.id === id).state
      return [stateOf(over.body.apiKey.id), stateOf(ended.body.apiKey.id)]
    }
    await expect.poll(states, { timeout: 15_000 }).toEqual(['expired', 'revoked'])
    const both = await owner.post('/v1/api-keys', { name: 'Neither' })
    expect(both.body.code).toBe('invalid-request')
  })
})

describe('a second person, where the organisation wants one', () => {
  const settings = async (by: ApiCaller, secondPerson: object) => {
    const { headers } = await by.get('/v1/organisations/settings')
    return by.send('PATCH', '/v1/organisations/settings', JSON.stringify({ secondPerson }), {
      'content-type': 'application/json',
      'if-match': headers.get('etag') ?? '',
    })
  }

  test('approves what another one wrote, before it is published', async () => {
    const college = await product.organisation('four-eyes')
    const author = await signedIn(product, 'owner@four-eyes.example.org')
    const second = await member('second@four-eyes.example.org', ['read', 'update', 'award'], college)
    const on = await settings(author, { publishAchievement: true })
    expect(on.body.secondPerson).toEqual({
      activateRule: false,
      publishAchievement: true,
      changeKey: false,
      bulkRevoke: false,
    })
    const issuer = await author.post('/v1/issuers', { slug: 'four-eyes-issuer', name: 'Issuer' })
    const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    const made = await author.post('/v1/achievements', {
      issuerId: issuer.body.id,
      slug: 'seen-by-two',
      definition,
    })
    const version = (number: number) => `/v1/achievements/${made.body.id}/versions/${number}`
    const send = (by: ApiCaller, path: string, revision: number) =>
      by.send('POST', path, '{}', { 'content-type': 'application/json', 'if-match': `"v${revision}"` })
    const early = await author.post(`${version(1)}/publish`)
    expect([early.status, early.body.code]).toEqual([409, 'version-state-wrong'])
    expect((await send(author, `${version(1)}/submit`, 1)).status).toBe(200)
    for (const by of [author, college.api]) {
      const refused = await send(by, `${version(1)}/approve`, 1)
      expect([refused.status, refused.body.code, refused.body.parameters]).toEqual([
        403,
        'second-person-needed',
        { right: 'award' },
      ])
    }
    expect((await send(second, `${version(1)}/approve`, 1)).status).toBe(200)
    expect((await author.post(`${version(1)}/publish`)).status).toBe(200)

    // Of the next version the second one writes a word: neither of its two authors is a second person.
    await author.post(`/v1/achievements/${made.body.id}/versions`, { definition })
    await second.send(
      'PUT',
      version(2),
      JSON.stringify({ definition: { ...definition, name: { en: 'Y' } } }),
      { 'content-type': 'application/json', 'if-match': '"v1"' },
    )
    expect((await send(author, `${version(2)}/submit`, 2)).status).toBe(200)
    for (const by of [author, second])
      expect((await send(by, `${version(2)}/approve`, 2)).body.code).toBe('second-person-needed')
    const third = await member('third@four-eyes.example.org', ['read', 'award'], college)
    expect((await send(third, `${version(2)}/approve`, 2)).status).toBe(200)
    expect((await author.post(`${version(2)}/publish`)).status).toBe(200)
  })

  test('makes the new key for which another one asked, once', async () => {
    const college = await product.organisation('two-keys')
    const first = await signedIn(product, 'owner@two-keys.example.org')
    const second = await member('second@two-keys.example.org', ['read', 'administer'], college)
    const { id } = (await first.post('/v1/issuers', { slug: 'two-keys-issuer', name: 'Issuer' })).body
    const [rotate, change] = [`/v1/issuers/${id}/rotate-key`, `/v1/issuers/${id}/key-change`]
    expect((await first.post(rotate)).status).toBe(200)
    await settings(first, { changeKey: true })
    const refused = async (by: ApiCaller) => {
      const answer = await by.post(rotate)
      expect([answer.status, answer.body.code]).toEqual([403, 'second-person-needed'])
    }
    for (const by of [first, second, college.api]) await refused(by)
    expect((await second.get(change)).body).toBeNull()

    // A key speaks for whoever made it: asking with one's own key is asking oneself.
    const { secret } = (await first.post('/v1/api-keys', { name: 'Own', rights: ['administer'] })).body
    const ownKey = new ApiCaller(product.url, { authorization: `Bearer ${secret}` })
    expect((await ownKey.post(change)).status).toBe(200)
    expect((await second.post(change)).body.requestedBy).toMatch(/^key:/)
    for (const by of [first, ownKey, college.api]) await refused(by)
    expect((await second.post(rotate)).status).toBe(200)
    await refused(second)

    await second.post(change)
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        "UPDATE key_change_request SET created_at = now() - interval '8 days' WHERE issuer_id = $1",
        [id],
      ),
    )
    expect((await first.get(change)).body).toBeNull()
    await refused(first)
    expect((await second.post(change)).status).toBe(200)
    const both = await Promise.all([first.post(rotate), first.post(rotate)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403])
  })
})
