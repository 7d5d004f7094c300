import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { verifyPemJws } from '#adapters/crypto/verify-pem-jws.ts'
import { createPrintingThreads } from '#adapters/threads/printing-threads.ts'
import { defaultHttpLimits } from '#api/http/http-limits.ts'
import { VerifyBody } from '#api/schemas/verification.ts'
import { openCryptoMeans } from '#app/open-crypto-means.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { AnyReport } from '#engine/verification/presentation-report.ts'
import { createAnyBadgeVerifier } from '#services/verify/any-badge-verifier.ts'
import { readDocument } from '#services/verify/read-document.ts'
import { createRefreshingVerifier } from '#services/verify/refresh-credential.ts'
import { createVerifier, type VerifierNeeds } from '#services/verify/verify-credential.ts'
import { createDocumentVerifier, type DocumentRequest } from '#services/verify/verify-document.ts'
import { createPresentationVerifier } from '#services/verify/verify-presentation.ts'
import { HOSTILE_CLASSES } from '#test/credentials/hostile/hostile-documents.ts'
import { longestHoldMs } from '#test/verification/longest-hold.ts'
import { NOW } from '#test/verification/sample-issuer.ts'
import type { Benchmark, Table } from '../benchmark.ts'
import { PRESENTATIONS, REQUEST_BODIES } from './request-bodies.ts'

/** The most that anything a stranger sends may hold the loop. */
export const MOST_MS = 50

interface Held {
  readonly name: string
  /** The median of the rounds. */
  readonly ms: number
}

/** A machine that is busy with other things may give a thread too little of its two seconds: then once more. */
async function inTime<T>(read: () => Promise<T>, tries = 10): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const isLate = error instanceof WaarmerkError && error.code === errors.unavailable.code
    if (!isLate || tries === 1) throw error
    return inTime(read, tries - 1)
  }
}

/** How long each document of the hostile corpus holds the loop of a server, from its bytes to the report. */
export const loopBenchmark = (mostMs: number): Benchmark => ({
  name: 'loop',
  about: 'the longest time that a hostile document holds the event loop',
  run: async ({ rounds, progress }): Promise<readonly Table[]> => {
    const { means, close } = openCryptoMeans()
    const printing = createPrintingThreads()
    const needs: VerifierNeeds = {
      suite: createCredentialSuite({ means }),
      resolver: { resolve: async () => 'unavailable' },
      statusLists: { fetch: async () => 'unavailable' },
      anchors: { read: async () => 'unavailable' },
      trust: { look: async () => undefined },
      clock: { now: () => NOW },
    }
    const { verify: verifyAny } = openVerifier(needs)
    const verify = (request: DocumentRequest): Promise<AnyReport | undefined> =>
      refusing(() => verifyAny(request))
    const takeFile = async (bytes: Uint8Array, beside: Partial<DocumentRequest> = {}) => {
      const read = await inTime(() => readDocument(bytes, means.unbake ?? unbake))
      if (!read.ok) return undefined
      const { document, picture } = read
      return verify({ ...beside, document, ...(picture === undefined ? {} : { picture }) })
    }
    /** As the route takes it: JSON within the bounds of a body, the schema, and what may come beside a document. */
    const takeBody = async (bytes: Uint8Array): Promise<AnyReport | undefined> => {
      const parsed = parseStrictJson(bytes, defaultHttpLimits.body.verification)
      const body = parsed.ok ? VerifyBody.safeParse(parsed.value) : undefined
      if (body?.success !== true) return undefined
      const { credential, file, endorsements = [], trustLists = [] } = body.data
      const beside = {
        endorsements: endorsements as readonly JsonObject[],
        trustLists: (trustLists as readonly JsonObject[]).map((json, at) => ({
          from: `list ${at + 1}`,
          json,
        })),
      }
      if (file !== undefined) return takeFile(Buffer.from(String(file), 'base64'), beside)
      return verify({ ...beside, document: (credential ?? body.data) as JsonObject | string })
    }

    // The collector may come in any one of them.
    const looks = Math.max(rounds, 3)
    const classes = new Map<string, Held[]>()
    const measure = async (of: string, name: string, act: () => Promise<unknown>): Promise<void> => {
      // Code is compiled while it is new; a server has been at it for a while.
      await act()
      const found: number[] = []
      for (let look = 0; look < looks; look++) found.push(await longestHoldMs(act))
      const ms = found.toSorted((a, b) => a - b)[Math.floor(looks / 2)] ?? Number.NaN
      classes.set(of, [...(classes.get(of) ?? []), { name, ms }])
    }
    for (const [of, documents] of HOSTILE_CLASSES) {
      progress(of)
      for (const { name, bytes } of documents) {
        const file = await bytes()
        await measure(of, name, () => takeFile(file))
      }
    }
    progress('request bodies')
    for (const [name, bytes] of REQUEST_BODIES) {
      const body = await bytes()
      await measure('request bodies just within their bound', name, () => takeBody(body))
    }
    progress('presentations')
    for (const [name, bytes] of PRESENTATIONS) {
      const body = await bytes()
      await measure('presentations', name, () => takeBody(body))
      const report = await takeBody(body)
      if (report === undefined) throw new Error(`${name}: has no report`)
      await measure('reports on paper', name, () => printing.printReport(report, { language: 'en' }))
    }
    await printing.close()
    await close()

    const rows = [...classes].map(([of, documents]) => ({ of, documents, longest: longestOf(documents) }))
    const over = [...classes.values()].flat().filter(({ ms }) => ms > mostMs)
    if (over.length > 0)
      throw new Error(`Over ${mostMs} ms: ${over.map(({ name, ms }) => `${name} (${shown(ms)})`).join(', ')}`)
    return [
      {
        title: 'loop: the longest time that a document holds the event loop',
        columns: ['documents', 'how many', 'longest', 'which'],
        rows: rows.map(({ of, documents, longest }) => [
          of,
          String(documents.length),
          `**${shown(longest.ms)}**`,
          longest.name,
        ]),
        notes: [
          'Each document of the hostile corpus (`test/credentials/hostile/`) goes the way of `POST /v1/verify`: its bytes are read, unbaked where they are a picture or a PDF, and verified as the server does it, with its threads. Bodies are read as JSON and held to the schema besides, and reports printed as `POST /v1/verify/report` does it. Networks and databases answer at once that they have nothing.',
          'The time of the processor that the thread of the loop took between two of its turns (`process.threadCpuUsage()`), at most, and of the rounds the median: what else goes on in the machine does not count. Each document goes through once before.',
          `The run fails above ${mostMs} ms.`,
        ],
      },
    ]
  },
})

const longestOf = (documents: readonly Held[]): Held =>
  documents.reduce((longest, each) => (each.ms > longest.ms ? each : longest))

const shown = (ms: number): string => `${ms.toLocaleString('en', { maximumFractionDigits: 1 })} ms`

/** As app/compose/compose-verification.ts puts it together, without what a server knows of itself. */
function openVerifier(needs: VerifierNeeds) {
  const { suite, trust, clock } = needs
  const source = { fetch: async () => 'unavailable' as const }
  const refreshing = createRefreshingVerifier({ verifier: createVerifier(needs), suite, source })
  const credentials = createAnyBadgeVerifier(refreshing, {
    suite,
    documents: source,
    trust,
    verifyPemJws,
    clock,
  })
  const presentations = createPresentationVerifier({ ...needs, credentials })
  return createDocumentVerifier({ credentials, presentations, suite })
}

/** A refusal is an answer as well. */
async function refusing<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof WaarmerkError)) throw error
    return undefined
  }
}
