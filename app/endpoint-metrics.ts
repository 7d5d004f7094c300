import { Counter, type Registry } from 'prom-client'
import type { EndpointRecord } from '#adapters/ethereum/endpoint-record.ts'

/** What went wrong at the endpoints of the chain since the start, for /metrics. */
export function measureEndpoints(registry: Registry, { failures, disagreements }: EndpointRecord): void {
  new Counter({
    name: 'waarmerk_chain_endpoint_failures_total',
    help: 'Questions that an endpoint of RPC_URL did not answer, or too late, or with nonsense',
    labelNames: ['endpoint'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [endpoint, count] of failures) this.inc({ endpoint }, count)
    },
  })
  new Counter({
    name: 'waarmerk_chain_disagreements_total',
    help: 'Questions to which the endpoints of RPC_URL gave answers that cannot both be true',
    labelNames: ['method'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [method, count] of disagreements) this.inc({ method }, count)
    },
  })
}
