import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { problemIn, startSampleApi } from './sample-api.ts'

test('ready when every part answers', async () => {
  const api = await startSampleApi({ ready: { database: async () => {}, chain: async () => {} } })
  const response = await api.call('/readyz')
  expect([response.status, await response.json()]).toEqual([
    200,
    { status: 'ready', checks: { database: 'ok', chain: 'ok' } },
  ])
  await api.close()
})

test('not ready when one fails, throws or is silent; why stays inside', async () => {
  const api = await startSampleApi({
    ready: {
      database: async () => {},
      chain: async () => {
        throw new Error('connect ECONNREFUSED 10.0.0.7')
      },
      queue: () => {
        throw new Error('no queue')
      },
      mail: () => new Promise(() => {}),
    },
  })
  const response = await api.call('/readyz')
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'not-ready', checks: { database: 'ok', chain: 'failing', queue: 'failing', mail: 'failing' } },
  ])
  expect((await api.call('/healthz')).status).toBe(200)
  await api.close()
})

test('with a token /metrics answers to the token alone', async () => {
  const api = await startSampleApi({ metrics: { registry: new Registry(), token: 'scrape-me' } })
  expect(await problemIn(await api.call('/metrics'))).toMatchObject({ code: 'no-such-path' })
  expect((await api.call('/metrics', { headers: { authorization: 'Bearer other' } })).status).toBe(404)
  expect((await api.call('/metrics', { headers: { authorization: 'Bearer scrape-me' } })).status).toBe(200)
  await api.close()
})
