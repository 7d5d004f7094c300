import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/**
 * A JSON Schema validator for the few keywords that 1EdTech's schema uses (2019-09).
 * Interpreted, as the ones that compile need `eval`, which a page with a content security policy does not have.
 * A keyword that it does not know is refused when the schema is read, never skipped.
 */
export type SchemaValidator = (
  document: Json,
  definition?: string,
  watch?: WatchTexts,
) => readonly CredentialFault[]

/** What a schema may ask of a text. All else that it asks is about the shape of a document. */
export interface TextQuestion {
  readonly keyword: 'enum' | 'pattern' | 'format'
  readonly operand: Json
}

/**
 * Is told of each text that was asked about, wherever in the schema. A validator goes the same way through any document of
 * the same shape whose texts give the same answers, so it comes to the same faults.
 */
export type WatchTexts = (path: string, question: TextQuestion, answer: boolean) => void

/** Enough to mend a document by, few enough to bound the work and the answer. */
const MAX_FAULTS = 20

const ANNOTATIONS = new Set(['$schema', '$id', '$comment', '$defs', 'title', 'description'])

export function createSchemaValidator(root: JsonObject): SchemaValidator {
  refuseUnknownKeywords(root)
  return (document, definition, watch) => {
    const faults: CredentialFault[] = []
    const schema = definition === undefined ? root : resolve(root, `#/$defs/${definition}`)
    check({ root, faults, watch }, schema, document, '')
    return faults
  }
}

interface Run {
  readonly root: JsonObject
  readonly faults: CredentialFault[]
  readonly watch: WatchTexts | undefined
}

type Keyword = (run: Run, operand: Json, value: Json, path: string, schema: JsonObject) => void

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: (run, operand, value, path) => check(run, resolve(run.root, String(operand)), value, path),
  type: (run, operand, value, path) => {
    if (!isOfType(value, String(operand))) fault(run, path, `must be ${article(String(operand))}`)
  },
  enum: (run, operand, value, path) => {
    if (isJsonArray(operand) && !answer(run, 'enum', operand, value, path))
      fault(run, path, `must be one of ${operand.slice(0, 12).join(', ')}`)
  },
  pattern: (run, operand, value, path) => {
    if (typeof value === 'string' && !answer(run, 'pattern', operand, value, path))
      fault(run, path, `must match ${operand}`)
  },
  format: (run, operand, value, path) => {
    if (typeof value === 'string' && !answer(run, 'format', operand, value, path))
      fault(run, path, `must be a ${operand}`)
  },
  required: (run, operand, value, path) => {
    if (!isJsonObject(value) || !isJsonArray(operand)) return
    for (const name of operand) if (value[String(name)] === undefined) fault(run, path, `must have ${name}`)
  },
  properties: (run, operand, value, path) => {
    if (!isJsonObject(value) || !isJsonObject(operand)) return
    for (const [name, schema] of Object.entries(operand)) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined
      if (member !== undefined) check(run, schema, member, `${path}/${name}`)
    }
  },
  additionalProperties: (run, operand, value, path, schema) => {
    if (operand === true || !isJsonObject(value)) return
    const known = isJsonObject(schema['properties']) ? schema['properties'] : {}
    for (const name of Object.keys(value))
      if (!Object.hasOwn(known, name)) fault(run, path, `must not have ${name}`)
  },
  items: (run, operand, value, path) => {
    if (!isJsonArray(value)) return
    for (const [at, item] of value.entries()) {
      const schema = isJsonArray(operand) ? operand[at] : operand
      if (schema !== undefined) check(run, schema, item, `${path}/${at}`)
    }
  },
  additionalItems: (run, operand, value, path, schema) => {
    const fixed = schema['items']
    if (!isJsonArray(value) || !isJsonArray(fixed)) return
    for (const [at, item] of value.entries())
      if (at >= fixed.length) check(run, operand, item, `${path}/${at}`)
  },
  minItems: (run, operand, value, path) => {
    if (isJsonArray(value) && value.length < Number(operand))
      fault(run, path, `must have at least ${operand} items`)
  },
  contains: (run, operand, value, path) => {
    if (isJsonArray(value) && !value.some((item, at) => holds(run, operand, item, `${path}/${at}`)))
      fault(run, path, `must hold ${wanted(operand)}`)
  },
  allOf: (run, operand, value, path) => {
    if (isJsonArray(operand)) for (const schema of operand) check(run, schema, value, path)
  },
  oneOf: (run, operand, value, path) => {
    if (!isJsonArray(operand)) return
    const matching = operand.filter((schema) => holds(run, schema, value, path)).length
    if (matching !== 1) fault(run, path, `must match one of ${operand.length} shapes, not ${matching}`)
  },
}

function check(run: Run, schema: Json, value: Json, path: string): void {
  if (!isJsonObject(schema)) return
  for (const [name, operand] of Object.entries(schema)) {
    if (run.faults.length >= MAX_FAULTS) return
    KEYWORDS[name]?.(run, operand, value, path, schema)
  }
}

function holds({ root, watch }: Run, schema: Json, value: Json, path: string): boolean {
  const faults: CredentialFault[] = []
  check({ root, faults, watch }, schema, value, path)
  return faults.length === 0
}

function answer(
  run: Run,
  keyword: TextQuestion['keyword'],
  operand: Json,
  value: Json,
  path: string,
): boolean {
  if (typeof value !== 'string') return isJsonArray(operand) && operand.includes(value)
  const question = { keyword, operand }
  const given = answerOf(question, value)
  run.watch?.(path, question, given)
  return given
}

/** What a schema's question about a text comes to. */
export function answerOf({ keyword, operand }: TextQuestion, text: string): boolean {
  switch (keyword) {
    case 'enum':
      return isJsonArray(operand) && operand.includes(text)
    case 'pattern':
      return patternOf(String(operand)).test(text)
    case 'format':
      return isOfFormat(text, String(operand))
  }
}

/** The few of the schemas, made once. */
const patterns = new Map<string, RegExp>()

function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source, 'u')
  patterns.set(source, pattern)
  return pattern
}

function fault(run: Run, path: string, message: string): void {
  run.faults.push({ code: 'schema', path, message })
}

function resolve(root: JsonObject, reference: string): JsonObject {
  const definitions = root['$defs']
  const name = reference.replace('#/$defs/', '')
  const found = isJsonObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined
  if (!isJsonObject(found)) throw new Error(`The schema refers to ${reference}, which it does not define`)
  return found
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'array') return isJsonArray(value)
  if (type === 'object') return isJsonObject(value)
  return typeof value === type
}

function isOfFormat(value: string, format: string): boolean {
  if (format === 'date')
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && parseInstant(`${value}T00:00:00Z`) !== undefined
  return parseInstant(value) !== undefined
}

const article = (type: string): string => (/^[ao]/.test(type) ? `an ${type}` : `a ${type}`)

const wanted = (schema: Json): string =>
  isJsonObject(schema) && isJsonArray(schema['enum'] ?? null)
    ? String(schema['enum'])
    : 'an item of another shape'

function refuseUnknownKeywords(schema: Json): void {
  if (!isJsonObject(schema)) return
  for (const [name, operand] of Object.entries(schema)) {
    if (KEYWORDS[name] === undefined && !ANNOTATIONS.has(name)) {
      throw new Error(`JSON Schema keyword ${name} is not supported`)
    }
    for (const part of subschemas(name, operand)) refuseUnknownKeywords(part)
  }
}

function subschemas(keyword: string, operand: Json): readonly Json[] {
  if (keyword === 'properties' || keyword === '$defs')
    return isJsonObject(operand) ? Object.values(operand) : []
  if (!['allOf', 'oneOf', 'items', 'contains', 'additionalItems'].includes(keyword)) return []
  return isJsonArray(operand) ? operand : [operand]
}
