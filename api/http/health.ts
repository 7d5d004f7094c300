import * as z from 'zod'
import { defineRoute, type Route } from './route.ts'

const CHECK_MS = 2000

const Readiness = z
  .object({ status: z.enum(['ready', 'not-ready']), checks: z.record(z.string(), z.enum(['ok', 'failing'])) })
  .meta({ id: 'Readiness' })

/** Each resolves when its part answers, and rejects when it does not. */
export type ReadyChecks = Readonly<Record<string, () => Promise<void>>>

/** `/healthz`: the process runs. `/readyz`: the parts that it needs answer, each within two seconds. */
export const healthRoutes = (checks: ReadyChecks): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/healthz',
    operationId: 'health',
    tags: ['operation'],
    summary: 'Whether the process runs',
    access: 'public',
    responses: { 200: z.object({ status: z.literal('ok') }) },
    handler: () => ({ status: 200, body: { status: 'ok' } }),
  }),
  defineRoute({
    method: 'get',
    path: '/readyz',
    operationId: 'readiness',
    tags: ['operation'],
    summary: 'Whether the parts that the product needs answer',
    access: 'public',
    responses: { 200: Readiness, 503: Readiness },
    handler: async () => {
      const names = Object.keys(checks)
      const outcomes = await Promise.all(names.map((name) => answers(checks[name])))
      const isReady = outcomes.every((ok) => ok)
      const words = Object.fromEntries(
        names.map((name, at) => [name, outcomes[at] ? 'ok' : 'failing'] as const),
      )
      return isReady
        ? { status: 200, body: { status: 'ready', checks: words } }
        : { status: 503, body: { status: 'not-ready', checks: words } }
    },
  }),
]

async function answers(check: (() => Promise<void>) | undefined): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_MS)
  })
  try {
    return await Promise.race([check?.().then(() => true) ?? true, late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
