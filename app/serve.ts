import { type Config, hasOneOf, MASTER_KEY_SETTINGS } from './config.ts'
import { watchNpm } from './npm-parent.ts'
import { LOG_FILE } from './open-parts.ts'
import { keepSampleNotes, readSampleNotes } from './sample/sample-notes.ts'
import { SAMPLE } from './sample/sample-story.ts'
import { findSample, seedSample } from './sample/seed-sample.ts'
import { explainStartError, startErrors } from './start-errors.ts'
import { type RunningProduct, startProduct } from './start-product.ts'
import { VERSION } from './version.ts'

export interface ServeOptions {
  readonly api: boolean
  readonly worker: boolean
  /** Leaves the sample out. */
  readonly empty: boolean
  readonly print: (line: string) => void
}

/** Says where everything is, and on a first start shows what it does. */
async function introduce(config: Config, running: RunningProduct, options: ServeOptions): Promise<void> {
  const { print } = options
  const { chain } = running.parts
  const seconds = process.uptime().toFixed(1)
  print(`Waarmerk ${VERSION} is ready after ${seconds} s: ${running.url}`)
  print('')
  print(
    `  Database   ${config.DATABASE_URL === undefined ? `private PostgreSQL in ${running.parts.dataFolder}` : 'PostgreSQL of DATABASE_URL'}`,
  )
  print(`  Queue      ${config.REDIS_URL === undefined ? 'in PostgreSQL' : 'Redis of REDIS_URL'}`)
  print(
    `  Chain      ${config.RPC_URL === undefined ? 'embedded, run by this process' : 'of RPC_URL'} (eip155:${chain.address.chainId}), BadgeAnchor at ${chain.address.contract}`,
  )
  if (config.REMOTE_MAP !== undefined) {
    print(`  !! REMOTE_MAP !!  ${config.REMOTE_MAP}`)
    print(
      '  What others publish comes from that file and from nowhere else: nothing that this server says of them is true.',
    )
  }
  if (config.NODE_ENV !== 'production') print(`  Log        ${running.parts.dataFolder}/${LOG_FILE}`)
  if (options.api) await showAround(config, running, options)
}

async function showAround(
  config: Config,
  running: RunningProduct,
  { empty, worker, print }: ServeOptions,
): Promise<void> {
  const { product, parts, url } = running
  const mayShow = config.DATABASE_URL === undefined && config.NODE_ENV !== 'production'
  let notes = mayShow ? await readSampleNotes(parts.dataFolder) : undefined
  const begun = mayShow && notes === undefined ? await findSample(running) : undefined
  if (
    mayShow &&
    !empty &&
    worker &&
    notes === undefined &&
    (begun !== undefined || (await isFresh(running)))
  ) {
    print('')
    print(
      begun === undefined
        ? 'First start: a sample organisation, to show how everything works (--empty leaves it out)'
        : 'The first start was cut off: its sample organisation is finished now',
    )
    const report = await seedSample(running, (line) => print(`  · ${line}`))
    await keepSampleNotes(parts.dataFolder, report)
    notes = report
    print(`  · done after ${process.uptime().toFixed(1)} s`)
  }
  print('')
  print(`  Console    ${url}/console`)
  print(`  API        ${url}/docs/`)
  print(`  Verify     ${notes?.verifyUrl ?? `${url}/verify`}`)
  if (!mayShow) return
  const owner = notes === undefined ? 'owner@localhost' : SAMPLE.owner
  const link = await product.routes.signIn.link({ type: 'email', value: owner })
  print(`  Sign in    ${link}   (works once, for 15 minutes)`)
  if (config.SMTP_URL === undefined)
    print('  Mail       is kept in the outbox of the console; SMTP_URL sends it')
  print('')
}

/** One half alone shares everything with the other half: nothing of it may be private to this process. */
function requireServers(config: Config, command: string): void {
  const missing = [
    ...(config.DATABASE_URL === undefined ? ['DATABASE_URL'] : []),
    ...(config.RPC_URL === undefined ? ['RPC_URL'] : []),
    ...(hasOneOf(config, MASTER_KEY_SETTINGS) ? [] : ['MASTER_KEY_FILE']),
  ]
  if (missing.length > 0) throw startErrors.aloneNeeds(command, missing)
}

/** Nobody has made anything here yet. */
const isFresh = async ({ parts }: RunningProduct): Promise<boolean> =>
  (await parts.database.asWorker((stores) => stores.organisations.count())) === 0

/** Two signals within this time are one: the terminal sends Ctrl-C to all, and npm passes it on once more. */
const TWICE_MS = 1_000

/** Runs until it is told to stop. Ends the process: 0 after a clean stop, else with the code of what is wrong. */
export async function serveUntilStopped(config: Config, options: ServeOptions): Promise<never> {
  let starting: Promise<RunningProduct> | undefined
  let stoppingSince: number | undefined
  const stop = async (signal: string) => {
    if (stoppingSince !== undefined) {
      // A second signal is for the impatient.
      if (performance.now() - stoppingSince > TWICE_MS) process.exit(130)
      return
    }
    stoppingSince = performance.now()
    options.print(`${signal}: stopping …`)
    // Whatever takes longer is cut off: every row is safe at any line, and the private server ends with this process.
    setTimeout(() => process.exit(0), config.limits.closeMs)
    await (await starting?.catch(() => undefined))?.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
  await watchNpm(() => void stop('npm is gone'))
  try {
    if (!options.api || !options.worker) requireServers(config, options.api ? 'api' : 'work')
    starting = startProduct(config, options)
    const running = await starting
    await introduce(config, running, options)
  } catch (error) {
    // What fails because it is being closed is no news.
    if (stoppingSince === undefined) {
      const { message, exitCode } = explainStartError(error)
      process.stderr.write(`${message}\n`)
      await (await starting?.catch(() => undefined))?.stop()
      process.exit(exitCode)
    }
  }
  return new Promise(() => undefined)
}
