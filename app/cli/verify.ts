import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { verifyPemJws } from '#adapters/crypto/verify-pem-jws.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { type JsonLimits, parseStrictJson } from '#engine/shared/strict-json.ts'
import type { AnyReport } from '#engine/verification/presentation-report.ts'
import { type Recipient, readRecipient } from '#engine/verification/recipient.ts'
import { reportAsJson } from '#engine/verification/report-as-json.ts'
import { TRUST_LIST_LIMITS } from '#engine/verification/trust-list.ts'
import { verificationErrors } from '#engine/verification/verification-errors.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type {
  AnchorReader,
  DidResolver,
  DocumentSource,
  GivenTrustList,
  StatusListSource,
} from '#services/ports/verification-sources.ts'
import { createAnyBadgeVerifier } from '#services/verify/any-badge-verifier.ts'
import { namedIssuers, readIssuerName } from '#services/verify/named-issuers.ts'
import { createProvedAnchors } from '#services/verify/proved-anchors.ts'
import { readDocument } from '#services/verify/read-document.ts'
import { createRefreshingVerifier } from '#services/verify/refresh-credential.ts'
import { createVerifier, type VerifierNeeds } from '#services/verify/verify-credential.ts'
import { createDocumentVerifier } from '#services/verify/verify-document.ts'
import { createPresentationVerifier } from '#services/verify/verify-presentation.ts'
import { openCryptoMeans } from '../open-crypto-means.ts'
import { chainOfRpc } from './chain-of-rpc.ts'
import { createWebSources } from './fetch-document.ts'
import { parseArguments } from './parse-arguments.ts'
import { printReport } from './print-report.ts'
import { UsageFault } from './usage-fault.ts'

export const VERIFY_USAGE = `Usage: waarmerk verify FILE [RECEIPT] [options]

Verifies a badge (JSON, compact JWS, baked PNG or SVG) without the server, or a
presentation with each credential in it.

  --receipt FILE      the receipt of its anchor; may also follow the badge
  --contract ADDRESS  a BadgeAnchor that you know, where it stands at an address of
                      its own; may be repeated
  --rpc URL           ask this chain for the batch that the receipt names
  --bundle FILE       ask nobody: a kept proof of what one block of the chain
                      holds of the batch, as receipt-proof writes it
  --block-hash 0x…    the block of the bundle, from a place that you believe
  --endorsement FILE  an endorsement that came beside the badge; may be repeated
  --trust ISSUER      an issuer that you know, by DID, by domain (without port)
                      or a folder of one (uni.example/badges), or by its number
                      on chain (0x…), which alone counts when its did.json is
                      gone; may be repeated
  --trust-list FILE   a signed list of issuers; may be repeated
  --trust-key DID     the publisher of a list whose signature you believe, by DID
                      or by one key of it (DID#KEY); may be repeated
  --recipient WHO     whom the badge should be of: an e-mail address, a DID, or
                      TYPE=VALUE with a type of Open Badges (name=Ann Example)
  --challenge TEXT    of a presentation: what you gave its holder to answer
  --domain TEXT       of a presentation: for whom it must have been made; may be
                      repeated
  --did FILE          a kept did.json, used where the site of the issuer gives
                      none, or with --offline; may be repeated
  --offline           fetch nothing: no DID, no status list, no word on
                      whether the issuer withdrew the achievement
  --json              print the whole report as JSON
  --report FILE       write the report to FILE.json or FILE.pdf; may be repeated
  --language nl|en    of the report as PDF; English without it
  --help              print this and do nothing else

Exit code: 0 valid, 1 invalid, 2 undecided or not to be checked, 64 wrong use.
`

/** What the command needs of the world; tests hand in their own. */
export interface VerifyIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly fetch?: typeof fetch
  readonly now?: () => number
  readonly read?: (path: string) => Promise<Uint8Array>
  readonly write?: (path: string, bytes: Uint8Array) => Promise<void>
}

const EXIT = { valid: 0, invalid: 1, undecided: 2 } as const
const EXIT_DONE = 0
const EXIT_USAGE = 64

/** `waarmerk verify`. Gives the exit code and throws nothing: Node's own code for that would say invalid. */
export async function runVerify(argv: readonly string[], io: VerifyIo): Promise<number> {
  try {
    const options = readOptions(argv)
    if (options === 'help') {
      io.out(VERIFY_USAGE)
      return EXIT_DONE
    }
    const files = await readFiles(options, io.read ?? readFile)
    const report = await verify(options, files, io)
    for (const path of options.reports) await writeReport(path, report, options.language, io)
    io.out(options.json ? `${JSON.stringify(reportAsJson(report), undefined, 2)}\n` : printReport(report))
    return EXIT[report.verdict]
  } catch (error) {
    if (error instanceof UsageFault) {
      io.err(`${error.message}\n\n${VERIFY_USAGE}`)
      return EXIT_USAGE
    }
    // Whatever kept us from checking says nothing against the badge, not even a fault of our own.
    io.err(error instanceof WaarmerkError ? `${error.message} (${error.code})\n` : `${trace(error)}\n`)
    return EXIT.undecided
  }
}

const trace = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

interface Options {
  readonly file: string
  readonly receipt?: string
  readonly rpc?: string
  readonly contracts: readonly string[]
  readonly bundle?: string
  readonly blockHash?: string
  readonly endorsements: readonly string[]
  readonly trusted: readonly string[]
  readonly trustLists: readonly string[]
  readonly trustKeys: readonly string[]
  readonly recipient?: Recipient
  readonly challenge?: string
  readonly domains: readonly string[]
  readonly dids: readonly string[]
  readonly offline: boolean
  readonly json: boolean
  readonly reports: readonly string[]
  readonly language: 'nl' | 'en'
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(argv)
  if (values.help === true) return 'help'
  const [file, beside, ...surplus] = positionals
  if (file === undefined) throw new UsageFault('Name the file of a badge.')
  if (surplus.length > 0 || (beside !== undefined && values.receipt !== undefined)) {
    throw new UsageFault('Name one badge, and at most one receipt.')
  }
  const receipt = values.receipt ?? beside
  const { rpc, bundle, 'block-hash': blockHash } = values
  if (bundle !== undefined && rpc !== undefined) throw new UsageFault('Give --rpc or --bundle, and not both.')
  if (blockHash !== undefined && (bundle === undefined || !/^0x[0-9a-f]{64}$/i.test(blockHash)))
    throw new UsageFault(
      '--block-hash takes the hash of the block of a --bundle: 0x and 64 hexadecimal digits.',
    )
  return {
    file,
    ...(receipt === undefined ? {} : { receipt }),
    ...(rpc === undefined ? {} : { rpc }),
    contracts: (values.contract ?? []).map(readContract),
    ...(bundle === undefined ? {} : { bundle }),
    ...(blockHash === undefined ? {} : { blockHash }),
    endorsements: values.endorsement ?? [],
    trusted: (values.trust ?? []).map(readTrusted),
    trustLists: values['trust-list'] ?? [],
    trustKeys: values['trust-key'] ?? [],
    ...(values.recipient === undefined ? {} : { recipient: recipientIn(values.recipient) }),
    ...(values.challenge === undefined ? {} : { challenge: values.challenge }),
    domains: values.domain ?? [],
    dids: values.did ?? [],
    offline: values.offline ?? false,
    json: values.json ?? false,
    reports: (values.report ?? []).map(readReportName),
    language: readLanguage(values.language),
  }
}

function parse(argv: readonly string[]) {
  return parseArguments({
    args: [...argv],
    allowPositionals: true,
    options: {
      receipt: { type: 'string' },
      rpc: { type: 'string' },
      contract: { type: 'string', multiple: true },
      bundle: { type: 'string' },
      'block-hash': { type: 'string' },
      endorsement: { type: 'string', multiple: true },
      trust: { type: 'string', multiple: true },
      'trust-list': { type: 'string', multiple: true },
      'trust-key': { type: 'string', multiple: true },
      recipient: { type: 'string' },
      challenge: { type: 'string' },
      domain: { type: 'string', multiple: true },
      did: { type: 'string', multiple: true },
      offline: { type: 'boolean' },
      json: { type: 'boolean' },
      report: { type: 'string', multiple: true },
      language: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}

function readReportName(path: string): string {
  if (/\.(?:json|pdf)$/i.test(path)) return path
  throw new UsageFault(`--report takes the name of a file that ends in .json or .pdf, and not ${path}.`)
}

function readLanguage(text = 'en'): 'nl' | 'en' {
  if (text === 'nl' || text === 'en') return text
  throw new UsageFault('--language takes nl or en.')
}

async function writeReport(
  path: string,
  report: AnyReport,
  language: 'nl' | 'en',
  { write = writeFile }: VerifyIo,
): Promise<void> {
  // Loaded only when something is to be printed: the fonts and the printer are larger than the verifier.
  const bytes = /\.pdf$/i.test(path)
    ? await (await import('#adapters/paper/print-report.ts')).printReport(report, { language })
    : utf8(`${JSON.stringify(reportAsJson(report), undefined, 2)}\n`)
  await write(path, bytes).catch((cause: unknown) => {
    throw new UsageFault(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  })
}

function readContract(text: string): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text
  throw new UsageFault(`--contract takes an address of 0x and 40 digits, and not ${text}.`)
}

function readTrusted(text: string): string {
  const name = readIssuerName(text)
  if (name !== undefined) return name
  throw new UsageFault(
    `--trust takes a DID, a number on chain, or a domain without its port, with or without a folder, and not ${text}.`,
  )
}

/** The value is not repeated, as what is typed may be kept in a log. */
function recipientIn(text: string): Recipient {
  const recipient = readRecipient(text)
  if (recipient !== undefined) return recipient
  throw new UsageFault('--recipient takes an e-mail address, a DID, or TYPE=VALUE.')
}

interface Files {
  readonly trustLists: readonly GivenTrustList[]
  readonly document: JsonObject | string
  readonly picture?: Uint8Array
  readonly receipt: Json | undefined
  readonly bundle: Json | undefined
  readonly endorsements: readonly (JsonObject | string)[]
  readonly dids: readonly JsonObject[]
}

async function readFiles(options: Options, read: NonNullable<VerifyIo['read']>): Promise<Files> {
  const bytesOf = (path: string) =>
    read(path).catch((cause: unknown) => {
      throw new UsageFault(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
    })
  const badgeOf = async (path: string) => {
    const found = await readDocument(await bytesOf(path), unbake)
    // A file that is no badge was named by mistake; one beyond the bounds may be a good badge all the same.
    if (!found.ok && found.code === 'document-too-large')
      throw verificationErrors.documentTooLarge({ limit: found.reason.replace(/^more than /, '') })
    if (!found.ok) throw new UsageFault(`${path}: ${found.reason} (${found.code})`)
    return found
  }
  const documentOf = async (path: string) => (await badgeOf(path)).document
  const { document, picture } = await badgeOf(options.file)
  return {
    trustLists: await Promise.all(
      options.trustLists.map(async (path) => ({
        from: basename(path),
        json: readJson(path, await bytesOf(path), TRUST_LIST_LIMITS),
      })),
    ),
    document,
    ...(picture === undefined ? {} : { picture }),
    receipt:
      options.receipt === undefined
        ? undefined
        : readReceipt(options.receipt, await bytesOf(options.receipt)),
    bundle:
      options.bundle === undefined
        ? undefined
        : readJson(options.bundle, await bytesOf(options.bundle), BUNDLE_LIMITS),
    endorsements: await Promise.all(options.endorsements.map(documentOf)),
    dids: (await Promise.all(options.dids.map(documentOf))).filter((did) => typeof did !== 'string'),
  }
}

const RECEIPT_LIMITS = { maxBytes: 100_000, maxDepth: 8, maxNodes: 1000, maxKeys: 1000 }
/** The largest batch has 65,536 words of bits, which nobody revokes one by one; a few thousand are generous. */
const BUNDLE_LIMITS = { maxBytes: 50_000_000, maxDepth: 8, maxNodes: 200_000, maxKeys: 50_000 }

function readJson(path: string, bytes: Uint8Array, limits: JsonLimits): Json {
  const parsed = parseStrictJson(bytes, limits)
  if (!parsed.ok) throw new UsageFault(`${path}: ${parsed.detail} (${parsed.code})`)
  return parsed.value
}

/** A receipt may come as the API gives it, inside an object of its own. */
function readReceipt(path: string, bytes: Uint8Array): Json {
  const value = readJson(path, bytes, RECEIPT_LIMITS)
  return isJsonObject(value) && isJsonObject(value['receipt']) ? value['receipt'] : value
}

/** Threads that it started have ended when it answers. */
async function verify(options: Options, files: Files, io: VerifyIo): Promise<AnyReport> {
  const { means, close } = openCryptoMeans()
  try {
    return await verifyWith(createCredentialSuite({ means }), options, files, io)
  } finally {
    await close()
  }
}

async function verifyWith(
  suite: CredentialSuite,
  options: Options,
  files: Files,
  io: VerifyIo,
): Promise<AnyReport> {
  const web = createWebSources(io.fetch)
  const resolver: DidResolver = {
    resolve: async (did) => (options.offline ? 'unavailable' : web.resolve(did)),
    kept: (did) => files.dids.find(({ id }) => id === did),
  }
  const statusLists: StatusListSource = options.offline ? { fetch: async () => 'unavailable' } : web
  const now = io.now ?? Date.now
  const trust = namedIssuers(options.trusted)
  const clock = { now: () => asInstant(now()) }
  const needs: VerifierNeeds = {
    suite,
    resolver,
    statusLists,
    ...(options.offline ? {} : { standings: web }),
    ...(files.bundle === undefined
      ? await chainOfRpc(options.rpc, io.fetch, options.contracts)
      : { anchors: await provedAnchors(files.bundle, options.blockHash, options.contracts) }),
    trust,
    clock,
  }
  const stated = createVerifier(needs)
  // Of an older badge nothing can be said offline: it is what other addresses say.
  const documents: DocumentSource = {
    fetch: async (url) => {
      const found = await statusLists.fetch(url)
      return typeof found === 'string' ? 'unavailable' : found
    },
  }
  const credentials = createAnyBadgeVerifier(
    createRefreshingVerifier({
      verifier: stated,
      suite,
      ...(options.offline ? {} : { source: statusLists }),
    }),
    { suite, documents, trust, verifyPemJws, clock },
  )
  const presentations = createPresentationVerifier({ ...needs, credentials })
  const verifier = createDocumentVerifier({ credentials, presentations, suite })
  const { document, receipt, endorsements } = files
  return verifier.verify({
    document,
    endorsements,
    trustLists: files.trustLists,
    ...(files.picture === undefined ? {} : { picture: files.picture }),
    trustKeys: options.trustKeys,
    ...(options.recipient === undefined ? {} : { recipient: options.recipient }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(options.challenge === undefined ? {} : { challenge: options.challenge }),
    ...(options.domains.length === 0 ? {} : { domain: options.domains }),
  })
}

/** Loads what knows the code of the contract only when a proof is there to be held against it. */
async function provedAnchors(
  bundle: Json,
  blockHash: string | undefined,
  contracts: readonly string[],
): Promise<AnchorReader> {
  const { isBadgeAnchorAt } = await import('#adapters/ethereum/contract-identity.ts')
  return createProvedAnchors(bundle, blockHash, {
    keccak256,
    isContract: (code, place) => isBadgeAnchorAt(code, place, contracts),
  })
}
