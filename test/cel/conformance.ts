import { tests as official } from '@bufbuild/cel-spec/testdata/conformance.js'
import { CelMap } from '#engine/cel/cel-map.ts'
import { checkExpression, resolveExpression } from '#engine/cel/check.ts'
import { compileExpression } from '#engine/cel/compile.ts'
import type { CelEnvironment } from '#engine/cel/environment.ts'
import { parseDurationText, parseTimestamp } from '#engine/cel/moment.ts'
import type { Overload } from '#engine/cel/overloads.ts'
import { parseExpression } from '#engine/cel/parse.ts'
import { ExpressionRefusal } from '#engine/cel/refusal.ts'
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TIMESTAMP,
  typeName,
  typeOf,
  UINT,
} from '#engine/cel/type.ts'
import type { CelValue } from '#engine/cel/value.ts'
import { CelFailure, CelTypeValue, CelUint } from '#engine/cel/value.ts'
import { asRecord, type Unread } from './unread.ts'
import { textOf } from './value-text.ts'

/** The official files of extensions; all others are the core language. */
const EXTENSIONS: ReadonlySet<string> = new Set([
  ...['bindings_ext', 'block_ext', 'encoders_ext', 'macros2', 'math_ext', 'optionals', 'proto2_ext'],
  'string_ext',
])

export interface CaseResult {
  readonly file: string
  readonly name: string
  readonly isCore: boolean
  /** Why the case cannot be asked of an implementation without protobuf messages. */
  readonly leftOut?: string
  /** What was wrong, if anything. */
  readonly evaluation?: string
  /** The official type and ours, where there is an official one. */
  readonly types?: { readonly official: string; readonly ours: string }
}

/** Runs every official case: parses, checks (unless the case says not to), compiles, evaluates, compares. */
export function runConformance(): readonly CaseResult[] {
  return (official.suites ?? []).flatMap((file) =>
    casesOf(file, '').map(({ path, test }) => runCase(file.name, path, test)),
  )
}

type Suite = typeof official
type Test = NonNullable<Suite['tests']>[number]

function casesOf(suite: Suite, path: string): readonly { path: string; test: Test }[] {
  const inner = (suite.suites ?? []).flatMap((child) => casesOf(child, `${path}${child.name}/`))
  return [...(suite.tests ?? []).map((test) => ({ path, test })), ...inner]
}

function runCase(file: string, path: string, test: Test): CaseResult {
  const { original } = test
  const base = { file, name: `${path}${original.name ?? original.expr}`, isCore: !EXTENSIONS.has(file) }
  const leftOut = needsProtobuf(test)
  if (leftOut !== undefined) return { ...base, leftOut }
  const types = typesOf(test)
  const evaluation = original['checkOnly'] === true ? undefined : evaluationFault(test)
  return { ...base, ...(evaluation !== undefined && { evaluation }), ...(types && { types }) }
}

/** Messages and their enums can be named in the expression, in its variables, or in what it is to give. */
function needsProtobuf({ original }: Test): string | undefined {
  const { expr, value, bindings, typeEnv, typedResult } = original
  // Moments are written as messages, too, and are values of CEL.
  const data = JSON.stringify([value, bindings, typeEnv, typedResult])
    .replace(/"messageType":"google\.protobuf\.(?:Timestamp|Duration)"/g, '')
    .replace(
      /"objectValue":\{"@type":"type\.googleapis\.com\/google\.protobuf\.(?:Timestamp|Duration)"/g,
      '{',
    )
  if (/"(?:messageType|objectValue|enumValue)"/.test(data)) return 'a message among its data'
  const code = expr.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, "''")
  if (/GlobalEnum|NestedEnum/.test(code)) return 'an enum of protobuf'
  if (/\bproto\.(?:hasExt|getExt)/.test(code)) return 'an extension of a message'
  const isMessage = /\b[A-Z]\w*\s*\{|TestAllTypes|\bgoogle\.protobuf\.(?!Timestamp\b|Duration\b)/.test(code)
  return isMessage ? 'a message in the expression' : undefined
}

function environmentOf({ original }: Test): CelEnvironment {
  const variables = new Map<string, CelType>()
  const functions = new Map<string, readonly Overload[]>()
  for (const declared of (original['typeEnv'] ?? []) as readonly Unread[]) {
    const { name, ident, function: declaredFunction } = asRecord(declared)
    if (ident !== undefined) variables.set(String(name), typeOfJson(asRecord(ident)['type']))
    if (declaredFunction !== undefined)
      functions.set(
        String(name),
        (asRecord(declaredFunction)['overloads'] as readonly Unread[]).map(overloadOf),
      )
  }
  const { container } = original
  return { variables, functions, ...(typeof container === 'string' && { container }) }
}

function overloadOf(json: Unread): Overload {
  const { params, resultType, isInstanceFunction } = asRecord(json)
  const args = ((params ?? []) as readonly Unread[]).map(typeOfJson)
  return { member: isInstanceFunction === true, args, result: typeOfJson(resultType) }
}

function evaluationFault(test: Test): string | undefined {
  const { original } = test
  const wanted = original['evalError'] === undefined ? wantedText(test) : 'a failure'
  let told: string
  try {
    const environment = environmentOf(test)
    const node = parseExpression(original.expr)
    const isChecked = original['disableCheck'] !== true
    const typed = isChecked ? checkExpression(node, environment) : resolveExpression(node, environment)
    const bindings = asRecord(original['bindings'] ?? {})
    const values = new Map(
      Object.entries(bindings).map(([name, bound]) => [name, valueOfJson(asRecord(bound)['value'])]),
    )
    told = textOf(compileExpression(typed, { variable: (name) => () => values.get(name) })(undefined))
  } catch (error) {
    if (!(error instanceof ExpressionRefusal)) throw error
    told = `refused: ${error.message}`
  }
  const isFailure =
    told.startsWith('failure') || (original['disableCheck'] === true && told.startsWith('refused'))
  if (wanted === 'a failure') return isFailure ? undefined : `${told}, wanted a failure`
  return told === wanted ? undefined : `${told}, wanted ${wanted}`
}

function wantedText({ original }: Test): string {
  const typed =
    original['typedResult'] === undefined ? undefined : asRecord(original['typedResult'])['result']
  const value = original['value'] ?? typed
  return textOf(value === undefined ? true : valueOfJson(value as Unread))
}

function typesOf(test: Test): CaseResult['types'] {
  const typedResult = test.original['typedResult']
  const deduced = typedResult === undefined ? undefined : asRecord(typedResult as Unread)['deducedType']
  // Where the two disagree, the type in the original case is the right one (cel-spec, `IncrementalTest`).
  const officialType = deduced === undefined ? test.type : typeName(typeOfJson(deduced))
  if (officialType === undefined) return undefined
  try {
    const typed = checkExpression(parseExpression(test.original.expr), environmentOf(test))
    return { official: officialType, ours: typeName(typed.type) }
  } catch (error) {
    if (!(error instanceof ExpressionRefusal)) throw error
    return { official: officialType, ours: `refused: ${error.message}` }
  }
}

const PRIMITIVES: Readonly<Record<string, CelType>> = {
  BOOL,
  INT64: INT,
  UINT64: UINT,
  DOUBLE,
  STRING,
  BYTES,
  TIMESTAMP,
  DURATION,
}

function typeOfJson(json: Unread): CelType {
  const type = asRecord(json)
  const [kind = 'dyn'] = Object.keys(type)
  const inner = type[kind]
  switch (kind) {
    case 'primitive':
    case 'wellKnown':
      return PRIMITIVES[String(inner)] ?? DYN
    case 'null':
      return NULL
    case 'listType':
      return listOf(typeOfJson(asRecord(inner)['elemType']))
    case 'mapType':
      return mapOf(typeOfJson(asRecord(inner)['keyType']), typeOfJson(asRecord(inner)['valueType']))
    case 'type':
      return typeOf(typeOfJson(inner))
    case 'typeParam':
      return { kind: 'param', id: String(inner) }
    case 'messageType':
      return inner === 'google.protobuf.Timestamp' ? TIMESTAMP : DURATION
    case 'abstractType': {
      const { name, parameterTypes } = asRecord(inner)
      const parts = ((parameterTypes ?? []) as readonly Unread[]).map(typeOfJson)
      if (name === 'optional_type') return optionalOf(parts[0] ?? DYN)
      return { kind: 'abstract', name: String(name), parts }
    }
    default:
      return DYN
  }
}

function valueOfJson(json: Unread): CelValue {
  const value = asRecord(json)
  const [kind = ''] = Object.keys(value)
  const inner = value[kind]
  switch (kind) {
    case 'nullValue':
      return null
    case 'boolValue':
    case 'stringValue':
      return inner as boolean | string
    case 'int64Value':
      return BigInt(String(inner))
    case 'uint64Value':
      return new CelUint(BigInt(String(inner)))
    case 'doubleValue':
      return Number(inner)
    case 'bytesValue':
      return Uint8Array.from(Buffer.from(String(inner), 'base64'))
    case 'typeValue':
      return new CelTypeValue(String(inner))
    case 'listValue':
      return ((asRecord(inner)['values'] ?? []) as readonly Unread[]).map(valueOfJson)
    case 'mapValue': {
      const entries = ((asRecord(inner)['entries'] ?? []) as readonly Unread[]).map(asRecord)
      const made = entries.map((entry) => [valueOfJson(entry['key']), valueOfJson(entry['value'])] as const)
      return CelMap.of(made) ?? unread(json)
    }
    case 'objectValue': {
      const text = String(asRecord(inner)['value'])
      const moment = parseTimestamp(text) ?? parseDurationText(text)
      return moment === undefined || moment instanceof CelFailure ? unread(json) : moment
    }
    default:
      return unread(json)
  }
}

const unread = (json: Unread): never => {
  throw new Error(`This value of the official data is not read: ${JSON.stringify(json)}`)
}
