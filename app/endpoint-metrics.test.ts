import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createEndpointRecord } from '#adapters/ethereum/endpoint-record.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { measureEndpoints } from './endpoint-metrics.ts'

test('everything is counted, and the same is logged once a minute', async () => {
  let now = 0
  const logged: string[] = []
  const note = (event: string) => void logged.push(event)
  const record = createEndpointRecord(['a.example', 'b.example'], {
    clock: { now: () => asInstant(now) },
    log: { debug: note, info: note, warn: note, error: note },
  })
  const registry = new Registry()
  measureEndpoints(registry, record)
  for (let n = 0; n < 3; n++) record.failed('a.example', 'eth_call', 'HTTP 429')
  record.disagreed('eth_call', { 'a.example': '1', 'b.example': '2' })
  expect(logged).toEqual(['endpoint.failed', 'endpoints.disagree'])
  now += MINUTE_MS
  record.failed('a.example', 'eth_call', 'HTTP 429')
  expect(logged).toHaveLength(3)
  const text = await registry.metrics()
  expect(text).toContain('waarmerk_chain_endpoint_failures_total{endpoint="a.example"} 4')
  expect(text).toContain('waarmerk_chain_endpoint_failures_total{endpoint="b.example"} 0')
  expect(text).toContain('waarmerk_chain_disagreements_total{method="eth_call"} 1')
})
