import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import { type Eip1193, faultOf } from './eip1193.ts'

export interface Endpoint {
  /** As people know it, without the key that its address may hold. */
  readonly name: string
  readonly provider: Eip1193
}

/** Is told what goes wrong at endpoints. */
export interface EndpointWatch {
  /** It did not answer, answered nonsense, or was too slow. */
  failed(endpoint: string, method: string, reason: string): void
  /** Endpoints say different things about what cannot be different. */
  disagreed(method: string, said: Readonly<Record<string, string>>): void
}

export interface EndpointPoolNeeds {
  readonly endpoints: readonly Endpoint[]
  readonly clock: Clock
  readonly watch: EndpointWatch
  /** How much longer than the quickest an endpoint may take. */
  readonly patienceMs?: number
  /** How long one that failed is left alone while another answers. */
  readonly restMs?: number
}

export type Call = Parameters<Eip1193['request']>[0]

/** What one endpoint said: a result, or a fault of its own (JSON-RPC `error`), which is an answer too. */
export type Answer =
  | { readonly from: Endpoint; readonly value: unknown }
  | { readonly from: Endpoint; readonly fault: unknown }

/** Asks one or all of some endpoints, and leaves alone for a while whoever failed. */
export class EndpointPool {
  readonly #endpoints: readonly Endpoint[]
  readonly #clock: Clock
  readonly #watch: EndpointWatch
  readonly #patienceMs: number
  readonly #restMs: number
  readonly #restsUntil = new Map<Endpoint, Instant>()

  constructor(needs: EndpointPoolNeeds) {
    this.#endpoints = needs.endpoints
    this.#clock = needs.clock
    this.#watch = needs.watch
    this.#patienceMs = needs.patienceMs ?? 1.5 * SECOND_MS
    this.#restMs = needs.restMs ?? 30 * SECOND_MS
  }

  /** Those that are worth asking, then those that are asked when the first group is silent. */
  groups(): readonly (readonly Endpoint[])[] {
    const now = this.#clock.now()
    const isAwake = (endpoint: Endpoint) => (this.#restsUntil.get(endpoint) ?? 0) <= now
    const resting = this.#endpoints.filter((endpoint) => !isAwake(endpoint))
    return [this.#endpoints.filter(isAwake), resting].filter((group) => group.length > 0)
  }

  /** Throws `chain-unavailable`, and then lets the endpoint rest. */
  async ask(endpoint: Endpoint, call: Call): Promise<Answer> {
    try {
      return { from: endpoint, value: await endpoint.provider.request(call) }
    } catch (error) {
      if (!(error instanceof WaarmerkError)) return { from: endpoint, fault: error }
      this.#rest(endpoint, call.method, reasonOf(error))
      throw error
    }
  }

  /**
   * Everybody's answer, at least one. Once one has answered, the others have a moment more; who is later than that
   * counts as silent. Throws `chain-unavailable` when nobody answers.
   */
  async askAll(call: Call): Promise<readonly Answer[]> {
    const silences: string[] = []
    for (const group of this.groups()) {
      const answers = await this.#askGroup(group, call, silences)
      if (answers.length > 0) return answers
    }
    throw anchoringErrors.chainUnavailable({ method: call.method, reason: silences.join('; ') })
  }

  async #askGroup(group: readonly Endpoint[], call: Call, silences: string[]): Promise<readonly Answer[]> {
    const answers = new Map<Endpoint, Answer>()
    const silent = new Set<Endpoint>()
    await new Promise<void>((resolve) => {
      let patience: NodeJS.Timeout | undefined
      const settle = () => {
        if (answers.size + silent.size === group.length) {
          clearTimeout(patience)
          resolve()
        } else if (answers.size > 0) patience ??= setTimeout(resolve, this.#patienceMs)
      }
      for (const endpoint of group)
        this.ask(endpoint, call)
          .then(
            (answer) => answers.set(endpoint, answer),
            (error: unknown) => {
              silent.add(endpoint)
              silences.push(`${endpoint.name}: ${reasonOf(error)}`)
            },
          )
          .finally(settle)
    })
    const late = group.filter((endpoint) => !answers.has(endpoint) && !silent.has(endpoint))
    for (const endpoint of late) this.#rest(endpoint, call.method, 'it is much slower than another')
    return group.flatMap((endpoint) => answers.get(endpoint) ?? [])
  }

  #rest(endpoint: Endpoint, method: string, reason: string): void {
    this.#restsUntil.set(endpoint, (this.#clock.now() + this.#restMs) as Instant)
    this.#watch.failed(endpoint.name, method, reason)
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof WaarmerkError ? error.parameters['reason'] : undefined
  return typeof reason === 'string' ? reason : faultOf(error).message
}
