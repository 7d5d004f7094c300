import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { sha256 } from '#adapters/crypto/hashes.ts'
import { type GivenEvent, readGivenEvents } from '#engine/events/given-events.ts'
import { parseRuleExamples, type RuleExamples } from '#engine/examples/rule-examples.ts'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import type { RuleDocument } from '#engine/rules/document/rule-document.ts'
import type { Json } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { UsageFault } from '../usage-fault.ts'
import { type FolderSettings, readFolderSettings } from './folder-settings.ts'

/** Something that is wrong in a file: a stable code, and where. */
export interface FileFault {
  readonly file: string
  readonly code: string
  /** JSON pointer. */
  readonly path: string
  readonly message: string
}

export interface RuleFile {
  /** The file's name without `.rule.json`: what the rule is called on the server. */
  readonly name: string
  /** From the folder. */
  readonly file: string
  /** As it is written; undefined where it is no JSON. */
  readonly json?: Json
  /** Undefined where it has faults. */
  readonly document?: RuleDocument
  readonly faults: readonly FileFault[]
}

export interface RuleFolder {
  readonly path: string
  readonly settings: FolderSettings
  readonly rules: readonly RuleFile[]
}

const RULE = '.rule.json'
const LIMITS = { maxBytes: 10_000_000, maxDepth: 64, maxNodes: 1_000_000, maxKeys: 1_000_000 }

/** Reads a folder of rules, and the folders in it. A folder without a rule is wrong use: it would pass every check. */
export async function readRuleFolder(path: string): Promise<RuleFolder> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw cannotRead(path, cause)
  })
  const files = entries
    // A link counts as well; what is no file says so when it is read.
    .filter((entry) => entry.name.endsWith(RULE))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.split('/').includes('node_modules'))
    .sort()
  if (files.length === 0) throw new UsageFault(`There is no *${RULE} in ${path}.`)
  const settings = readFolderSettings(await readOptional(join(path, 'waarmerk.json')))
  const rules = await Promise.all(files.map((file) => readRule(path, file)))
  return { path, settings, rules: withoutDoubles(rules) }
}

async function readRule(folder: string, file: string): Promise<RuleFile> {
  const name = basename(file, RULE)
  const json = readJson(file, await readBytes(join(folder, file)))
  if ('code' in json) return { name, file, faults: [json] }
  const parsed = parseRule(json.value)
  if (parsed.ok) return { name, file, json: json.value, document: parsed.document, faults: [] }
  const faults = parsed.faults.map(({ code, path, message }) => ({ file, code, path, message }))
  return { name, file, json: json.value, faults }
}

/** Achievement and name say which rule of the server a file is: two files must not say the same. */
function withoutDoubles(rules: readonly RuleFile[]): readonly RuleFile[] {
  const first = new Map<string, string>()
  return rules.map((rule) => {
    if (rule.document === undefined) return rule
    const key = `${rule.document.achievement}/${rule.name}`
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, rule.file)
      return rule
    }
    const message = `${other} has the same name and awards the same achievement.`
    const { document: _, ...rest } = rule
    return { ...rest, faults: [{ file: rule.file, code: 'rule-file-double', path: '', message }] }
  })
}

export type Examples =
  | { readonly kind: 'none' }
  | { readonly kind: 'faulty'; readonly faults: readonly FileFault[] }
  | { readonly kind: 'there'; readonly examples: RuleExamples; readonly events: readonly GivenEvent[] }

/** Reads what stands beside a rule: `NAME.expected.json`, and `NAME.events.json` or the files that it names. */
export async function readExamples(
  { path: folder }: RuleFolder,
  { file, name }: RuleFile,
): Promise<Examples> {
  const beside = (other: string) => join(dirname(file), other).split(sep).join('/')
  const [expectedFile, ownEvents] = [beside(`${name}.expected.json`), beside(`${name}.events.json`)]
  const expected = await readOptional(join(folder, expectedFile))
  if (expected === undefined) {
    if ((await readOptional(join(folder, ownEvents))) === undefined) return { kind: 'none' }
    return faulty(ownEvents, 'examples-shape', '', `There is no ${name}.expected.json to these events.`)
  }
  const json = readJson(expectedFile, expected)
  if ('code' in json) return { kind: 'faulty', faults: [json] }
  const reading = parseRuleExamples(json.value)
  if (!reading.ok)
    return { kind: 'faulty', faults: reading.faults.map((fault) => ({ file: expectedFile, ...fault })) }
  const { examples } = reading
  const { source } = examples
  const events: GivenEvent[] = []
  for (const eventFile of examples.events?.map(beside) ?? [ownEvents]) {
    const bytes = await readOptional(join(folder, eventFile))
    if (bytes === undefined) return faulty(eventFile, 'file-missing', '', 'There is no such file.')
    const given = readGivenEvents(bytes, {
      sha256,
      ...(source === undefined ? {} : { sourceOf: () => source }),
    })
    if (!given.ok)
      return { kind: 'faulty', faults: given.faults.map((fault) => ({ file: eventFile, ...fault })) }
    events.push(...given.events)
  }
  return { kind: 'there', examples, events }
}

const faulty = (file: string, code: string, path: string, message: string): Examples => ({
  kind: 'faulty',
  faults: [{ file, code, path, message }],
})

function readJson(file: string, bytes: Uint8Array): { readonly value: Json } | FileFault {
  const parsed = parseStrictJson(bytes, LIMITS)
  if (parsed.ok) return { value: parsed.value }
  const lines = new TextDecoder().decode(bytes).slice(0, parsed.position).split('\n').length
  return { file, code: `json-${parsed.code}`, path: '', message: `Line ${lines}: ${parsed.detail}.` }
}

const readOptional = (path: string): Promise<Uint8Array | undefined> =>
  readFile(path).catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined
    throw cannotRead(path, error)
  })

const readBytes = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((error: unknown) => {
    throw cannotRead(path, error)
  })

const cannotRead = (path: string, cause: unknown) =>
  new UsageFault(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
