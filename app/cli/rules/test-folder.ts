import { sha256 } from '#adapters/crypto/hashes.ts'
import { type NamedRule, prepareExamples, type RunExamples } from '#engine/examples/run-examples.ts'
import type { RuleCatalogue } from '#engine/rules/document/rule-document.ts'
import { checkFolder } from './check-folder.ts'
import { folderCatalogue } from './folder-settings.ts'
import { type FileFault, type RuleFile, type RuleFolder, readExamples } from './rule-folder.ts'

export interface TestedFile {
  readonly file: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** How many events the examples have. */
  readonly events: number
  /** What was not as expected, or why it was skipped: a text each, of one or more lines. */
  readonly messages: readonly string[]
}

/** Runs the examples of every rule. A rule with faults fails; one without examples is skipped, and says so. */
export async function testFolder(folder: RuleFolder): Promise<readonly TestedFile[]> {
  const faults = new Map((await checkFolder(folder, undefined)).map((file) => [file.file, file.faults]))
  const sound = folder.rules.filter(({ file }) => (faults.get(file) ?? []).length === 0)
  const rules = sound.flatMap(({ file, document }): NamedRule[] =>
    document === undefined ? [] : [{ name: file, document }],
  )
  const catalogue = folderCatalogue(
    folder.settings,
    rules.map(({ document }) => document),
  )
  const run = prepareExamples({ rules, catalogue }, sha256)
  const tested: TestedFile[] = []
  for (const rule of folder.rules)
    tested.push(await testRule(rule, faults.get(rule.file) ?? [], { folder, catalogue, run }))
  return tested
}

async function testRule(
  rule: RuleFile,
  faults: readonly FileFault[],
  {
    folder,
    catalogue,
    run,
  }: { readonly folder: RuleFolder; readonly catalogue: RuleCatalogue; readonly run: RunExamples },
): Promise<TestedFile> {
  const { file } = rule
  const failed = (messages: readonly string[], events = 0): TestedFile => ({
    file,
    outcome: 'failed',
    events,
    messages,
  })
  if (faults.length > 0) return failed(faults.map(printFault))
  const found = await readExamples(folder, rule)
  if (found.kind === 'none') return { file, outcome: 'skipped', events: 0, messages: ['It has no examples.'] }
  if (found.kind === 'faulty') return failed(found.faults.map(printFault))
  const { examples, events } = found
  const held = [...examples.holdings.values()].flat().map(({ achievement }) => achievement)
  const unknown = held.find((slug) => !catalogue.achievements.has(slug))
  if (unknown !== undefined) return failed([`"holdings" names an unknown achievement: ${unknown}`])
  const missed = run({ name: file, events, examples })
  if (missed.length === 0) return { file, outcome: 'passed', events: events.length, messages: [] }
  return failed(
    missed.map(
      ({ what, expected, found }) => `${what}\nexpected: ${indent(expected)}\nfound:    ${indent(found)}`,
    ),
    events.length,
  )
}

const indent = (text: string): string => text.replaceAll('\n', '\n          ')

export const printFault = ({ file, path, message, code }: FileFault): string =>
  `${file}: ${path === '' ? '' : `${path} `}${message} (${code})`
