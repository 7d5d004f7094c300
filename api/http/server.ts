import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import type { Registry } from 'prom-client'
import type { IdempotencyStore } from '#services/ports/idempotency.ts'
import type { Log } from '#services/ports/log.ts'
import type { HttpLimits } from './http-limits.ts'
import type { Authenticate } from './principal.ts'
import type { Route } from './route.ts'

export interface HttpServerNeeds {
  /** The business routes. Health, problems and the reference add themselves. */
  readonly routes: readonly Route[]
  readonly authenticate: Authenticate
  readonly idempotency: IdempotencyStore
  readonly log: Log
  /** PUBLIC_URL, without a slash at the end: the only origin that ever stands in an answer. */
  readonly publicUrl: string
  readonly version: string
  /** Default: `defaultHttpLimits`. */
  readonly limits?: HttpLimits
  /** Named checks for /readyz; each resolves when its part answers and rejects when it does not. */
  readonly ready?: Readonly<Record<string, () => Promise<void>>>
  /** Addresses or ranges of proxies whose X-Forwarded-For counts. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** The built web application. Without it every URL answers JSON. */
  readonly webDirectory?: string
  /** Prometheus. Without a token /metrics answers to this machine only. */
  readonly metrics?: { readonly registry: Registry; readonly token?: string }
  /** Checks every JSON answer against its schema: in tests and while developing. */
  readonly checkAnswers?: boolean
}
export type { AddressInfo, Express, Server }
export { createServer }
