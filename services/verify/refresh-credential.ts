import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { validFrom } from '#engine/verification/credential-summary.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { StatusListSource } from '#services/ports/verification-sources.ts'
import { issuerIdOf } from './read-format.ts'
import type { VerificationRequest, Verifier } from './verify-credential.ts'

export interface RefreshNeeds {
  readonly verifier: Verifier
  readonly suite: Pick<CredentialSuite, 'readJwt' | 'sha256'>
  /** Fetches JSON or a token from an address that a credential names. Without it nobody is asked, and the report says so. */
  readonly source?: StatusListSource
}

/**
 * Asks for the newer text of a credential that says where one may be had (`1EdTechCredentialRefresh`; Open Badges 3.0,
 * section 8.3: once, after the proof). What comes counts when it is the same credential of the same issuer, is signed, and is
 * no older; the report is then of that text. Otherwise the report stays, and says that it could not be had.
 */
export function createRefreshingVerifier({ verifier, suite, source }: RefreshNeeds): Verifier {
  return {
    verify: async (request) => {
      const report = await verifier.verify(request)
      const given = contentOf(request.document, suite)
      const address = given === undefined ? undefined : refreshAddress(given)
      if (given === undefined || address === undefined || !isSigned(report)) return report

      if (source === undefined) return withDoubt(report, address, 'unasked')
      const fetched = await source.fetch(address)
      if (fetched === 'unavailable') return withDoubt(report, address)
      const { verdict, checks } = report
      const [before, after] = [request.document, fetched].map((each) =>
        toHex(credentialDigest(each, suite.sha256)),
      )
      if (before === after) return report
      const newer = contentOf(fetched, suite)
      if (newer === undefined || !takesThePlaceOf(newer, given)) return withDoubt(report, address)
      // A receipt is of the text that was brought, and of no other.
      const { receipt: _, ...beside } = request
      const refreshed = await verifyNewer(verifier, { ...beside, document: fetched })
      if (refreshed === undefined || !isSigned(refreshed)) return withDoubt(report, address)
      return { ...refreshed, refreshed: { at: address, from: before as `0x${string}`, verdict, checks } }
    },
  }
}

/** A text that is too large to look at is none. */
async function verifyNewer(
  verifier: Verifier,
  request: VerificationRequest,
): Promise<VerificationReport | undefined> {
  try {
    return await verifier.verify(request)
  } catch (error) {
    if (error instanceof WaarmerkError) return undefined
    throw error
  }
}

/** The same credential of the same issuer, and no older: or an answer of long ago could take a revocation back. */
function takesThePlaceOf(newer: JsonObject, given: JsonObject): boolean {
  const [before, after] = [validFrom(given), validFrom(newer)]
  return (
    typeof given['id'] === 'string' &&
    newer['id'] === given['id'] &&
    issuerIdOf(newer) === issuerIdOf(given) &&
    (before === undefined || (after !== undefined && after >= before))
  )
}

function refreshAddress(document: JsonObject): string | undefined {
  const { refreshService } = document
  for (const service of listOf(refreshService)) {
    if (!isJsonObject(service) || !listOf(service['type']).includes('1EdTechCredentialRefresh')) continue
    const { id } = service
    const url = typeof id === 'string' ? URL.parse(id) : null
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname)))
      return url.href
  }
  return undefined
}

function contentOf(
  document: JsonObject | string,
  suite: Pick<CredentialSuite, 'readJwt'>,
): JsonObject | undefined {
  if (typeof document !== 'string') return document
  const reading = suite.readJwt(document)
  return reading.ok ? reading.credential : undefined
}

const isSigned = ({ checks }: VerificationReport): boolean =>
  checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')

const withDoubt = (
  report: VerificationReport,
  address: string,
  kind: 'none-came' | 'unasked' = 'none-came',
): VerificationReport => ({
  ...report,
  notProved: [
    ...report.notProved,
    kind === 'unasked'
      ? `That this is the newest text: nobody asked ${address}, which its issuer names for a newer one.`
      : `That this is the newest text: its issuer names ${address} for a newer one, and none that takes its place came from there.`,
  ],
})
