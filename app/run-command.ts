import { parseArgs } from 'node:util'
import { readConfig } from './config.ts'
import type { ServeOptions } from './serve.ts'
import { explainStartError } from './start-errors.ts'

const USAGE = `Usage: waarmerk [COMMAND]

  serve [--empty]     start everything: API, pages and worker (the default)
  api                 start the API and the pages alone; for the operator and RPC_URL
  work                start a worker alone; needs DATABASE_URL and RPC_URL
  verify FILE …       verify a badge without a server (verify --help says more)
  trust-list COMMAND  sign or check a list of issuers (trust-list --help)
  receipt-proof FILE  keep a proof of a batch, to verify it without asking anybody
  rules COMMAND DIR   check, test, diff or apply a folder of rules (rules --help)
  replay RECEIPT …    judge events again by an anchored rule (replay --help)
  fsck [--json]       verify again all that is stored, and compare it with the chain
  cut-off-key SLUG    say since when an anchoring key was stolen (--since MOMENT); needs DATABASE_URL, RPC_URL
  sign-in-link EMAIL  print a link that signs in once; needs DATABASE_URL
  deploy              put the contracts on the chain of RPC_URL, or say what that would cost (deploy --help)
`

const print = (line: string) => process.stdout.write(`${line}\n`)
// Whoever read our output may have gone: that is no reason to go, too.
process.stdout.on('error', () => undefined)
const given = process.argv.slice(2)
// The product is started without a word: flags may come first.
const [command = 'serve', ...rest] = given.filter((each, at) => at > 0 || !each.startsWith('-'))
const flags = given.filter((each) => each.startsWith('-'))

switch (given[0] === '--help' || given[0] === '-h' ? 'help' : command) {
  case 'serve': {
    const empty = readEmpty()
    if (empty === undefined) refuse()
    else await serve({ api: true, worker: true, empty, print })
    break
  }
  case 'api':
    await serve({ api: true, worker: false, empty: true, print })
    break
  case 'work':
    await serve({ api: false, worker: true, empty: true, print })
    break
  case 'verify': {
    const { runVerify } = await import('./cli/verify.ts')
    process.exitCode = await runVerify(process.argv.slice(3), {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    })
    break
  }
  case 'trust-list': {
    const { runTrustList } = await import('./cli/trust-list/run-trust-list.ts')
    process.exitCode = await runTrustList(process.argv.slice(3), {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    })
    break
  }
  case 'receipt-proof': {
    const { runReceiptProof } = await import('./cli/receipt-proof.ts')
    process.exitCode = await runReceiptProof(process.argv.slice(3), {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    })
    break
  }
  case 'rules': {
    const { runRules } = await import('./cli/rules/run-rules.ts')
    process.exitCode = await runRules(process.argv.slice(3), {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
      key: process.env['WAARMERK_API_KEY'],
    })
    break
  }
  case 'replay': {
    const { runReplay } = await import('./cli/replay/run-replay.ts')
    process.exitCode = await runReplay(process.argv.slice(3), {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    })
    break
  }
  case 'fsck':
    await run(async (config) => {
      const { runFsck } = await import('./cli/fsck.ts')
      process.exitCode = await runFsck(config, flags, {
        out: (text) => process.stdout.write(text),
        err: (text) => process.stderr.write(text),
      })
    })
    break
  case 'sign-in-link':
    await run(async (config) => {
      const { printSignInLink } = await import('./cli/sign-in-link.ts')
      await printSignInLink(config, rest[0], print)
    })
    break
  case 'cut-off-key':
    await run(async (config) => {
      const { cutOffKey } = await import('./cli/cut-off-key.ts')
      await cutOffKey(config, process.argv.slice(3), print)
    })
    break
  case 'deploy': {
    const { runDeploy } = await import('./cli/deploy/run-deploy.ts')
    process.exitCode = await runDeploy(process.argv.slice(3), {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
      config: () => readConfig(process.env),
    })
    break
  }
  case 'help':
    process.stdout.write(USAGE)
    break
  default:
    refuse()
}

/** The whole product is read here, and not for a command that needs little of it. */
async function serve(options: ServeOptions): Promise<void> {
  await run(async (config) => {
    const { serveUntilStopped } = await import('./serve.ts')
    await serveUntilStopped(config, options)
  })
}

function readEmpty(): boolean | undefined {
  try {
    return parseArgs({ args: flags, options: { empty: { type: 'boolean', default: false } } }).values.empty
  } catch {
    return undefined
  }
}

function refuse(): void {
  process.stderr.write(USAGE)
  process.exitCode = 64
}

async function run(start: (config: ReturnType<typeof readConfig>) => Promise<unknown>): Promise<void> {
  try {
    await start(readConfig(process.env))
  } catch (error) {
    const { message, exitCode } = explainStartError(error)
    process.stderr.write(`${message}\n`)
    process.exit(exitCode)
  }
}
