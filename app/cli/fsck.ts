import { parseArgs } from 'node:util'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { createLocalKeyStore } from '#adapters/keys/local-key-store.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { type InspectionReport, inspect } from '#services/inspection/inspect.ts'
import { createPublishedIssuers } from '#services/issuers/published-issuers.ts'
import type { Config } from '../config.ts'
import { openForInspection } from '../open-for-inspection.ts'
import { cleanText } from './clean-text.ts'

const FSCK_USAGE = `Usage: waarmerk fsck [options]

Verifies again every credential, whatever was signed over VC-API, every endorsement,
batch, status list and audit link that is stored, and compares the batches with the chain, both ways. Changes
nothing; may run beside the product.

  --json     print the whole report as JSON
  --help     print this and do nothing else

Exit code: 0 all is well, 1 something is wrong, 2 something could not be looked
at, 64 wrong use.
`

const EXIT_USAGE = 64

export interface FsckIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** `waarmerk fsck`. Gives the exit code. */
export async function runFsck(config: Config, flags: readonly string[], io: FsckIo): Promise<number> {
  const options = readOptions(flags)
  if (options === undefined || options.help === true) {
    ;(options === undefined ? io.err : io.out)(FSCK_USAGE)
    return options === undefined ? EXIT_USAGE : 0
  }
  const { database, chain, history, masterKey, close } = await openForInspection(config)
  try {
    const suite = createCredentialSuite()
    const secretBox = createSecretBox([masterKey])
    const clock = systemClock
    const issuers = createPublishedIssuers({
      database,
      clock,
      chain,
      suite,
      keyStore: createLocalKeyStore(secretBox),
    })
    const report = await inspect({
      database,
      chain,
      history,
      clock,
      suite,
      secretBox,
      hashes: { sha256, keccak256 },
      resolver: { resolve: async (did) => (await issuers.didDocumentByDid(did)) ?? 'not_found' },
      progress: (what) => {
        if (options.json !== true) io.err(`… ${what}\n`)
      },
    })
    io.out(options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : printInspection(report))
    return exitCodeOf(report)
  } finally {
    await close()
  }
}

function readOptions(flags: readonly string[]) {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
    return parseArgs({ args: [...flags], options }).values
  } catch {
    return undefined
  }
}

function exitCodeOf({ organisations, unchecked }: InspectionReport): number {
  if (organisations.some(({ findings }) => findings.length > 0)) return 1
  return unchecked.length > 0 ? 2 : 0
}

function printInspection({ inspectedAt, organisations, unchecked }: InspectionReport): string {
  const lines = organisations.flatMap((each) => [
    each.slug,
    `  ${each.credentials} credentials, ${each.tokens} of them as JWT too, ${each.bases} with a base proof too, ${each.signedOverVcApi} signed over VC-API, ${each.endorsements} endorsements, ${each.batches} batches, ${each.statusLists} status lists, ${each.auditLinks} audit links`,
    ...each.findings.map(
      ({ code, about, detail }) =>
        `  x ${code}  ${about}${detail === undefined ? '' : `  (${cleanText(detail)})`}`,
    ),
  ])
  const wrong = organisations.reduce((sum, { findings }) => sum + findings.length, 0)
  const verdict = wrong === 0 ? 'Nothing is wrong with what was looked at.' : `${wrong} findings.`
  return [
    ...lines,
    ...unchecked.map((what) => `? not looked at: ${cleanText(what)}`),
    '',
    `${verdict} As of ${formatInstant(inspectedAt)}.`,
    '',
  ].join('\n')
}
