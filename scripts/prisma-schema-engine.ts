#!/usr/bin/env node
/**
 * Stands in for Prisma's native "schema-engine" executable, which the Prisma command line would download:
 * JSON-RPC over stdio, one object a line, on the WebAssembly build of the same engine.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { loadSchemaEngine, openSchemaEngine } from '../adapters/postgres/schema-engine.ts'
import { withClient } from '../adapters/postgres/with-client.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'boolean' },
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
})
const url: string =
  options.datasource === undefined ? 'postgresql://127.0.0.1:1/none' : JSON.parse(options.datasource).url

if (options.version === true) {
  console.log(`schema-engine-wasm ${(await loadSchemaEngine()).version()}`)
} else if (positionals[0] === 'cli') {
  await runCommand(positionals[1])
} else {
  serve()
}

async function runCommand(command: string | undefined): Promise<void> {
  try {
    await manageDatabase(command)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const errorCode = PRISMA_CODES[code ?? ''] ?? 'P1011'
    const text = errorCode === 'P1001' ? `Can't reach database server at ${new URL(url).host}` : message
    const fields = { error_code: errorCode, message: text }
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`)
    process.exit(1)
  }
}

const PRISMA_CODES: Readonly<Record<string, string>> = {
  '3D000': 'P1003',
  ECONNREFUSED: 'P1001',
  ENOTFOUND: 'P1001',
  '28P01': 'P1000',
}

async function manageDatabase(command: string | undefined): Promise<void> {
  const database = decodeURIComponent(new URL(url).pathname.slice(1))
  switch (command) {
    case 'can-connect-to-database':
      await withClient(url, (client) => client.query('SELECT 1'))
      return
    case 'create-database':
      await withClient(url, (client) => client.query(`CREATE DATABASE "${database}"`), 'postgres')
      return
    case 'drop-database':
      await withClient(url, (client) => client.query(`DROP DATABASE "${database}" WITH (FORCE)`), 'postgres')
      return
    default:
      throw new Error(`unknown command ${command}`)
  }
}

function serve(): void {
  const datamodels = options.datamodels?.map((file): [string, string] => [file, readFileSync(file, 'utf8')])
  const opening = openSchemaEngine(url, datamodels)
  let last = Promise.resolve()
  createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    .on('line', (line) => {
      last = last.then(() => answer(line, opening))
    })
    .on('close', () => last.then(() => process.exit(0)))
}

async function answer(line: string, opening: ReturnType<typeof openSchemaEngine>): Promise<void> {
  const { id, method, params } = JSON.parse(line)
  // The command line answers our "print" too.
  if (typeof method !== 'string') return
  try {
    const engine = (await opening).engine as unknown as Record<string, (params: unknown) => Promise<unknown>>
    const name = method === 'getDatabaseVersion' ? 'version' : method
    let result = await engine[name]?.(params)
    if (method === 'diff') {
      const { stdout, exitCode } = result as { stdout: string | null; exitCode: number }
      if (stdout !== null) send({ id: 1_000_000 + id, method: 'print', params: { content: stdout } })
      result = { exitCode, stdout: null }
    }
    send({ id, result: result ?? {} })
  } catch (error) {
    const {
      message = String(error),
      code,
      meta,
    } = error as { message?: string; code?: string; meta?: unknown }
    const data = { is_panic: false, message, error_code: code, meta }
    send({ id, error: { code: 4466, message: 'See data', data } })
  }
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}
