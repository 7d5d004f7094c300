import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { UsageFault } from '../usage-fault.ts'

/** The server gave no answer that makes sense; nothing is known of what it has. */
export class ServerUnreachable extends Error {}

/** The server said no, and why. */
export class ServerRefusal extends Error {
  readonly code: string
  readonly faults: readonly { readonly code: string; readonly path: string; readonly message: string }[]

  constructor(code: string, detail: string, faults: ServerRefusal['faults']) {
    super(detail)
    this.code = code
    this.faults = faults
  }
}

export interface ServerRule {
  readonly id: string
  readonly name: string
  /** Oldest first. */
  readonly versions: readonly ServerRuleVersion[]
}

export interface ServerRuleVersion {
  readonly version: number
  readonly state: string
  readonly document: Json
}

export interface RuleServer {
  rules(): Promise<readonly ServerRule[]>
  check(
    document: Json,
  ): Promise<{ readonly faults: ServerRefusal['faults']; readonly warnings: ServerRefusal['faults'] }>
  create(name: string, document: Json): Promise<ServerRule>
  /** Gives the number of the new version. */
  addVersion(id: string, document: Json): Promise<number>
  activate(id: string, version: number): Promise<void>
}

export interface ServerAddress {
  readonly url: string
  readonly key: string
}

const TIMEOUT_MS = 30_000
const LIMITS = { maxBytes: 100_000_000, maxDepth: 128, maxNodes: 10_000_000, maxKeys: 10_000_000 }

/** Speaks to the API with a key. The key goes over https only, or to this very machine. */
export function openRuleServer({ url, key }: ServerAddress, get: typeof fetch = fetch): RuleServer {
  const base = URL.parse(url)
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new UsageFault('--server takes an http or https address.')
  if (base.username !== '' || base.password !== '')
    throw new UsageFault('--server takes an address without a name or a password: the key says who you are.')
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageFault('The key is one word, without spaces or line ends.')
  if (base.protocol === 'http:' && !isLoopbackHost(base.hostname))
    throw new UsageFault('The key would travel in the open: name the server with https.')
  const root = base.href.replace(/\/+$/, '')

  const call = async (method: 'GET' | 'POST', path: string, body?: Json): Promise<JsonObject> => {
    const { status, value } = await send(method, `${root}${path}`, body)
    if (status < 300 && isJsonObject(value)) return value
    if (status >= 500 || !isJsonObject(value))
      throw new ServerUnreachable(`${root} answered ${status} to ${method} ${path}.`)
    const { code, detail, parameters } = value
    throw new ServerRefusal(
      textOf(code),
      textOf(detail),
      isJsonObject(parameters) ? faultsOf(parameters['faults']) : [],
    )
  }
  const send = async (method: string, address: string, body: Json | undefined) => {
    try {
      const response = await get(address, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          authorization: `Bearer ${key}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const parsed = parseStrictJson(new Uint8Array(await response.arrayBuffer()), LIMITS)
      return { status: response.status, value: parsed.ok ? parsed.value : undefined }
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      throw new ServerUnreachable(
        `${root} could not be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
      )
    }
  }

  return {
    rules: async () => listOf((await call('GET', '/v1/rules'))['items']).map(readRule),
    check: async (document) => {
      const found = await call('POST', '/v1/rules/check', { document })
      return { faults: faultsOf(found['faults']), warnings: faultsOf(found['warnings']) }
    },
    create: async (name, document) => readRule(await call('POST', '/v1/rules', { name, document })),
    addVersion: async (id, document) =>
      Number((await call('POST', `/v1/rules/${id}/versions`, { document }))['version']),
    activate: async (id, version) => {
      await call('POST', `/v1/rules/${id}/versions/${version}/activate`)
    },
  }
}

const readRule = (item: JsonObject): ServerRule => ({
  id: textOf(item['id']),
  name: textOf(item['name']),
  versions: listOf(item['versions'])
    .map(({ version, state, document }) => ({
      version: Number(version),
      state: textOf(state),
      document: document ?? null,
    }))
    .sort((a, b) => a.version - b.version),
})

const faultsOf = (value: Json | undefined): ServerRefusal['faults'] =>
  listOf(value).map(({ code, path, message }) => ({
    code: textOf(code),
    path: textOf(path),
    message: textOf(message),
  }))

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  value !== undefined && isJsonArray(value) ? value.filter(isJsonObject) : []

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
