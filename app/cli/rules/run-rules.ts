import { cleanText } from '../clean-text.ts'
import { parseArguments } from '../parse-arguments.ts'
import { UsageFault } from '../usage-fault.ts'
import { applyFolder } from './apply-folder.ts'
import { checkFolder } from './check-folder.ts'
import { type Comparison, compareFolder } from './compare-folder.ts'
import { REPORTERS, type Reporter, reportTests } from './report-tests.ts'
import { type FileFault, type RuleFolder, readRuleFolder } from './rule-folder.ts'
import { openRuleServer, type RuleServer, ServerRefusal, ServerUnreachable } from './rule-server.ts'
import { printFault, testFolder } from './test-folder.ts'

export const RULES_USAGE = `Usage: waarmerk rules COMMAND DIR [options]

Rules as files: every NAME.rule.json in DIR, and in the folders in it.

  check   look for faults; with --server by what the organisation really has
  test    run the examples beside the rules: NAME.events.json gives NAME.expected.json
  diff    compare with the rules on the server
  apply   create on the server what is new, and add a version to what changed

  --server URL     the server; default: "server" in DIR/waarmerk.json
  --key KEY        an API key; better in WAARMERK_API_KEY, where others cannot see it
  --json           check, diff: print the result as JSON
  --reporter NAME  test: text (default), tap or junit
  --activate       apply: bring the latest version of each rule into force
  --dry-run        apply: say what would be done, and do nothing
  --help           print this and do nothing else

Exit code: 0 fine, 1 faults, failed examples, differences or a refusal,
2 wrong use, 3 the server could not be reached.
`

/** What the command needs of the world; tests hand in their own. */
export interface RulesIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly fetch?: typeof fetch
  /** From the environment. */
  readonly key?: string | undefined
}

const EXIT = { fine: 0, faults: 1, usage: 2, unreachable: 3 } as const

/** `waarmerk rules`. Gives the exit code and throws nothing for what a user may do wrong. */
export async function runRules(argv: readonly string[], io: RulesIo): Promise<number> {
  try {
    const options = readOptions(argv)
    if (options === 'help') {
      io.out(RULES_USAGE)
      return EXIT.fine
    }
    const folder = await readRuleFolder(options.folder)
    return await COMMANDS[options.command](folder, options, io)
  } catch (error) {
    if (error instanceof UsageFault) {
      io.err(`${error.message}\n\n${RULES_USAGE}`)
      return EXIT.usage
    }
    if (error instanceof ServerUnreachable) {
      io.err(`${error.message}\n`)
      return EXIT.unreachable
    }
    if (!(error instanceof ServerRefusal)) throw error
    const faults = error.faults.map(({ path, message, code }) => cleanText(`${path} ${message} (${code})`))
    const told = [`The server refuses: ${cleanText(error.message)} (${cleanText(error.code)})`, ...faults]
    io.err(`${told.join('\n  ')}\n`)
    return EXIT.faults
  }
}

interface Options {
  readonly command: keyof typeof COMMANDS
  readonly folder: string
  readonly server?: string
  readonly key?: string
  readonly json: boolean
  readonly reporter: Reporter
  readonly activate: boolean
  readonly dryRun: boolean
}

type Command = (folder: RuleFolder, options: Options, io: RulesIo) => Promise<number>

const COMMANDS = {
  check: async (folder, options, io) => {
    const checked = await checkFolder(folder, serverToAsk(folder, options, io))
    const faults = checked.flatMap((file) => file.faults)
    if (options.json) io.out(`${JSON.stringify({ files: checked }, undefined, 2)}\n`)
    else {
      const warnings = checked.flatMap((file) => file.warnings)
      for (const fault of faults) io.out(`x ${clean(fault)}\n`)
      for (const warning of warnings) io.out(`! ${clean(warning)}\n`)
      io.out(`${checked.length} rules, ${faults.length} faults, ${warnings.length} warnings.\n`)
    }
    return faults.length === 0 ? EXIT.fine : EXIT.faults
  },

  test: async (folder, options, io) => {
    const tested = await testFolder(folder)
    io.out(reportTests(tested, options.reporter))
    return tested.some(({ outcome }) => outcome === 'failed') ? EXIT.faults : EXIT.fine
  },

  diff: async (folder, options, io) => {
    if (refuseFaults(folder, io)) return EXIT.faults
    const server = serverOf(folder, options, io)
    const compared = compareFolder(folder, await server.rules())
    if (options.json) io.out(`${JSON.stringify({ rules: compared.map(tellComparison) }, undefined, 2)}\n`)
    else for (const comparison of compared) io.out(printComparison(comparison))
    return compared.every(({ kind }) => kind === 'unchanged') ? EXIT.fine : EXIT.faults
  },

  apply: async (folder, options, io) => {
    if (refuseFaults(folder, io)) return EXIT.faults
    const server = serverOf(folder, options, io)
    const compared = compareFolder(folder, await server.rules())
    // All of them are checked before the first is saved, so that one bad rule does not leave half a change behind.
    const wanted = compared.flatMap((each) => ('json' in each ? [each] : []))
    let faulty = false
    for (const { name, json } of wanted)
      for (const fault of (await server.check(json)).faults) {
        faulty = true
        io.out(`x ${clean({ file: `${name}.rule.json`, ...fault })}\n`)
      }
    if (faulty) return EXIT.faults
    const steps = await applyFolder(compared, server, options, (line) => io.out(`${cleanText(line)}\n`))
    if (steps === 0) io.out('Nothing to do: the server has these rules.\n')
    return EXIT.fine
  },
} as const satisfies Record<string, Command>

const clean = (fault: FileFault): string => cleanText(printFault(fault))

/** What cannot be read cannot be compared; a rule that was left out would look as if it were not wanted. */
function refuseFaults({ rules }: RuleFolder, io: RulesIo): boolean {
  const faults = rules.flatMap((rule) => rule.faults)
  for (const fault of faults) io.out(`x ${clean(fault)}\n`)
  return faults.length > 0
}

function printComparison(comparison: Comparison): string {
  const title = cleanText(`${comparison.achievement}/${comparison.name}`)
  switch (comparison.kind) {
    case 'new':
      return `+ ${title} is new\n`
    case 'missing':
      return `- ${title} is on the server only (version ${comparison.latest.version}, ${comparison.latest.state})\n`
    case 'unchanged':
      return `= ${title} is the same (version ${comparison.latest.version}, ${comparison.latest.state})\n`
    case 'changed': {
      const lines = comparison.differences.map((line) => `    ${cleanText(line)}\n`)
      const { version, state } = comparison.latest
      return `~ ${title} differs from version ${version} (${state})\n${lines.join('')}`
    }
  }
}

function tellComparison(comparison: Comparison) {
  const { kind, name, achievement } = comparison
  return {
    ...{ kind, name, achievement },
    ...('latest' in comparison ? { version: comparison.latest.version, state: comparison.latest.state } : {}),
    ...('differences' in comparison ? { differences: comparison.differences } : {}),
  }
}

/** For a check: only where a server is named, and by the folder only where a key is at hand. */
function serverToAsk(folder: RuleFolder, options: Options, io: RulesIo): RuleServer | undefined {
  const key = options.key ?? io.key
  if (options.server === undefined && (folder.settings.server === undefined || key === undefined))
    return undefined
  return serverOf(folder, options, io)
}

function serverOf({ settings }: RuleFolder, options: Options, io: RulesIo): RuleServer {
  const url = options.server ?? settings.server
  if (url === undefined) throw new UsageFault('Name the server: --server URL, or "server" in waarmerk.json.')
  const key = options.key ?? io.key
  if (key === undefined || key === '')
    throw new UsageFault('Give an API key: WAARMERK_API_KEY, or --key KEY.')
  return openRuleServer({ url, key }, io.fetch)
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(argv)
  if (values.help === true) return 'help'
  const [command = '', folder, ...surplus] = positionals
  if (!isCommand(command)) throw new UsageFault('Say what to do: check, test, diff or apply.')
  if (folder === undefined || surplus.length > 0) throw new UsageFault('Name one folder.')
  const { server, key, json = false, activate = false } = values
  const reporter = REPORTERS.find((name) => name === (values.reporter ?? 'text'))
  if (reporter === undefined) throw new UsageFault(`--reporter takes ${REPORTERS.join(', ')}.`)
  for (const [option, commands] of ONLY_WITH)
    if (values[option] !== undefined && !commands.includes(command))
      throw new UsageFault(`--${option} does nothing with ${command}.`)
  return {
    ...{ command, folder, json, reporter, activate, dryRun: values['dry-run'] ?? false },
    ...(server === undefined ? {} : { server }),
    ...(key === undefined ? {} : { key }),
  }
}

/** An option that would be ignored is refused: whoever writes `diff --dry-run` expects something of it. */
const ONLY_WITH: readonly (readonly [
  option: 'json' | 'reporter' | 'activate' | 'dry-run',
  commands: readonly string[],
])[] = [
  ['json', ['check', 'diff']],
  ['reporter', ['test']],
  ['activate', ['apply']],
  ['dry-run', ['apply']],
]

const isCommand = (text: string): text is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, text)

function parse(argv: readonly string[]) {
  return parseArguments({
    args: [...argv],
    allowPositionals: true,
    options: {
      server: { type: 'string' },
      key: { type: 'string' },
      json: { type: 'boolean' },
      reporter: { type: 'string' },
      activate: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}
