import { fakeIdempotencyStore } from './fake-idempotency-store.ts'
import { idempotencyConformance } from './idempotency-store.conformance.ts'

idempotencyConformance('the fake', async () => {
  let now = 0
  return {
    store: fakeIdempotencyStore(() => now),
    elapse: async (milliseconds) => {
      now += milliseconds
    },
  }
})
