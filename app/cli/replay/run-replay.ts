import { readFile } from 'node:fs/promises'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { parseDecisionDocument } from '#engine/decisions/decision-document.ts'
import { type DecisionReceipt, parseDecisionReceipt } from '#engine/decisions/decision-receipt.ts'
import type { ReplayReport } from '#engine/decisions/replay-report.ts'
import { type GivenEvent, readGivenEvents } from '#engine/events/given-events.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'
import { checkDecision } from '#services/verify/check-decision.ts'
import { createFindDid } from '#services/verify/resolve-key.ts'
import { chainOfRpc } from '../chain-of-rpc.ts'
import { cleanText } from '../clean-text.ts'
import { createFileResolver, createWebSources } from '../fetch-document.ts'
import { firstFew } from '../first-few.ts'
import { parseArguments } from '../parse-arguments.ts'
import { UsageFault } from '../usage-fault.ts'
import { printReplay, replayAsJson } from './print-replay.ts'

export const REPLAY_USAGE = `Usage: waarmerk replay RECEIPT --events FILE [options]

Judges events again by the rule version of a decision, and says whether the
decision is the same. Needs no server of ours: RECEIPT is what
GET /v1/decisions/ID/receipt gave.

  --events FILE       the person's events: what GET /v1/subjects/ID/events gave,
                      or CloudEvents or xAPI statements, as JSON or JSON lines;
                      may be repeated
  --source URI        the source of xAPI statements that name no authority
  --rpc URL           ask this chain for the batches that the receipts name
  --did FILE          a kept did.json of the issuer, used instead of fetching it
  --offline           fetch nothing: neither DID nor chain
  --json              print the whole report as JSON
  --help              print this and do nothing else

Exit code: 0 the same and anchored, 1 different, or a receipt does not hold,
2 wrong use, 3 could not be told.
`

/** What the command needs of the world; tests hand in their own. */
export interface ReplayIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly fetch?: typeof fetch
  readonly now?: () => number
  readonly read?: (path: string) => Promise<Uint8Array>
}

const EXIT = { same: 0, different: 1, broken: 1, undecided: 3 } as const
const EXIT_DONE = 0
const EXIT_USAGE = 2

/** `waarmerk replay`. Gives the exit code and throws nothing for what a user may do wrong. */
export async function runReplay(argv: readonly string[], io: ReplayIo): Promise<number> {
  try {
    const options = readOptions(argv)
    if (options === 'help') {
      io.out(REPLAY_USAGE)
      return EXIT_DONE
    }
    const report = await replay(options, io)
    io.out(options.json ? replayAsJson(report) : printReplay(report))
    return EXIT[report.verdict]
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error
    io.err(`${error.message}\n\n${REPLAY_USAGE}`)
    return EXIT_USAGE
  }
}

interface Options {
  readonly receipt: string
  readonly events: readonly string[]
  readonly source?: string
  readonly rpc?: string
  readonly did?: string
  readonly offline: boolean
  readonly json: boolean
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(argv)
  if (values.help === true) return 'help'
  const [receipt, ...surplus] = positionals
  if (receipt === undefined || surplus.length > 0) throw new UsageFault('Name one decision receipt.')
  const { events = [], source, rpc, did, offline = false, json = false } = values
  if (events.length === 0) throw new UsageFault('Name the events: --events FILE.')
  if (offline && rpc !== undefined) throw new UsageFault('Choose --rpc or --offline.')
  return {
    ...{ receipt, events, offline, json },
    ...(source === undefined ? {} : { source }),
    ...(rpc === undefined ? {} : { rpc }),
    ...(did === undefined ? {} : { did }),
  }
}

function parse(argv: readonly string[]) {
  return parseArguments({
    args: [...argv],
    allowPositionals: true,
    options: {
      events: { type: 'string', multiple: true },
      source: { type: 'string' },
      rpc: { type: 'string' },
      did: { type: 'string' },
      offline: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}

async function replay(options: Options, io: ReplayIo): Promise<ReplayReport> {
  const suite = createCredentialSuite()
  const bytesOf = (path: string) =>
    (io.read ?? readFile)(path).catch((cause: unknown) => {
      throw new UsageFault(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
    })
  const receipt = readReceipt(options.receipt, await bytesOf(options.receipt))
  const sources = evidenceSources(receipt)
  const events: GivenEvent[] = []
  for (const path of options.events) {
    const reading = readGivenEvents(await bytesOf(path), {
      sha256: suite.sha256,
      sourceOf: (digest) => sources.get(digest) ?? options.source,
    })
    if (!reading.ok) {
      const { shown, more } = firstFew(reading.faults)
      const faults = shown.map(({ path: place, message, code }) =>
        cleanText(`${path}: ${place} ${message} (${code})`),
      )
      throw new UsageFault([...faults, ...(more === 0 ? [] : [`and ${more} more`])].join('\n'))
    }
    events.push(...reading.events)
  }
  const kept = options.did === undefined ? [] : [readDid(options.did, await bytesOf(options.did))]
  const now = io.now ?? Date.now
  return checkDecision(receipt, events, {
    sha256: suite.sha256,
    keccak256: suite.keccak256,
    anchors: (await chainOfRpc(options.rpc, io.fetch)).anchors,
    findDid: createFindDid(suite, resolverOf(kept, options, io)),
    clock: { now: () => asInstant(now()) },
  })
}

function readReceipt(path: string, bytes: Uint8Array): DecisionReceipt {
  const reading = parseDecisionReceipt(readJson(path, bytes))
  if (reading.ok) return reading.receipt
  throw new UsageFault(`${path} is no decision receipt: look at ${reading.member || 'the whole'}.`)
}

function readDid(path: string, bytes: Uint8Array): JsonObject {
  const json = readJson(path, bytes)
  if (!isJsonObject(json)) throw new UsageFault(`${path} is no DID document.`)
  return json
}

const JSON_LIMITS = { maxBytes: 20_000_000, maxDepth: 64, maxNodes: 100_000, maxKeys: 100_000 }

function readJson(path: string, bytes: Uint8Array): Json {
  const parsed = parseStrictJson(bytes, JSON_LIMITS)
  if (!parsed.ok) throw new UsageFault(`${path}: ${parsed.detail} (${parsed.code})`)
  return parsed.value
}

/** What the decision knows of the sources of its events, by digest. */
function evidenceSources({ decision }: DecisionReceipt): ReadonlyMap<string, string> {
  const reading = parseDecisionDocument(decision.document)
  return new Map(reading.ok ? reading.decision.events.map(({ digest, source }) => [digest, source]) : [])
}

function resolverOf(kept: readonly JsonObject[], { offline }: Options, io: ReplayIo): DidResolver {
  const files = createFileResolver(kept)
  const web = createWebSources(io.fetch)
  return {
    resolve: async (did) => {
      const found = await files.resolve(did)
      return found === 'unavailable' && !offline ? web.resolve(did) : found
    },
  }
}
