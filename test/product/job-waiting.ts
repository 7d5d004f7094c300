import { expect, vi } from 'vitest'
import type { ApiCaller } from './api-caller.ts'

/** Waits for a job to be over. */
export const jobOver = (api: ApiCaller, id: string) =>
  vi.waitFor(
    async () => {
      const { status, body } = await api.get(`/v1/jobs/${id}`)
      expect(status).toBe(200)
      expect(body.finishedAt).not.toBeNull()
      return body
    },
    { timeout: 20_000, interval: 50 },
  )

/** Waits until no event is on its way. */
export const allEvaluated = (api: ApiCaller) =>
  vi.waitFor(
    async () => expect((await api.get('/v1/events?state=received&parked=false')).body.items).toEqual([]),
    { timeout: 20_000, interval: 50 },
  )

export async function subjectOf(api: ApiCaller, learner: string): Promise<string> {
  const { status, body } = await api.get(`/v1/subjects?identifier=email:${learner}@example.org`)
  expect(status).toBe(200)
  return body.id
}

/** Every item of a list, page by page. */
export async function allOf<T>(api: ApiCaller, path: string): Promise<readonly T[]> {
  const items: T[] = []
  for (let cursor = ''; ; ) {
    const page = (await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=100${cursor}`)).body
    items.push(...page.items)
    if (page.next === null) return items
    cursor = `&cursor=${page.next}`
  }
}
