#!/usr/bin/env node
// Stands in for Prisma's native "schema-engine" executable: JSON-RPC over stdio, one object a line.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadWasm, openSchemaEngine, withClient } from '../adapters/postgres/schema-engine.ts';

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'boolean' },
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
});
const url: string = args.datasource ? JSON.parse(args.datasource).url : 'postgresql://127.0.0.1:1/none';

if (args.version) {
  console.log(`schema-engine-wasm ${(await loadWasm()).version()}`);
} else if (positionals[0] === 'cli') {
  await cli(positionals[1]);
} else {
  serve();
}

async function cli(command: string | undefined) {
  const db = decodeURIComponent(new URL(url).pathname.slice(1));
  try {
    if (command === 'can-connect-to-database') await withClient(url, (c) => c.query('SELECT 1'));
    else if (command === 'create-database') await withClient(url, (c) => c.query(`CREATE DATABASE "${db}"`), 'postgres');
    else if (command === 'drop-database') await withClient(url, (c) => c.query(`DROP DATABASE "${db}" WITH (FORCE)`), 'postgres');
    else throw new Error(`unknown command ${command}`);
  } catch (e) {
    const { code, message } = e as { code?: string; message: string };
    const codes: Record<string, string> = { '3D000': 'P1003', ECONNREFUSED: 'P1001', ENOTFOUND: 'P1001', '28P01': 'P1000' };
    const error_code = codes[code ?? ''] ?? 'P1011';
    const text = error_code === 'P1001' ? `Can't reach database server at ${new URL(url).host}` : message;
    process.stderr.write(
      `\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields: { error_code, message: text } })}\n`,
    );
    process.exit(1);
  }
}

function serve() {
  const send = (o: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...o })}\n`);
  const engine = openSchemaEngine(
    url,
    args.datamodels?.map((f) => [f, readFileSync(f, 'utf8')]),
  );
  let queue = Promise.resolve();
  createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    .on('line', (line) => {
      queue = queue.then(async () => {
        const { id, method, params } = JSON.parse(line);
        if (!method) return; // the CLI's answer to our "print"
        try {
          const e = (await engine).engine as unknown as Record<string, (p: unknown) => Promise<unknown>>;
          let result = await (method === 'getDatabaseVersion' ? e.version?.(params) : e[method]?.(params));
          if (method === 'diff') {
            const { stdout, exitCode } = result as { stdout: string | null; exitCode: number };
            if (stdout !== null) send({ id: 1_000_000 + id, method: 'print', params: { content: stdout } });
            result = { exitCode, stdout: null };
          }
          send({ id, result: result ?? {} });
        } catch (err) {
          const { message = String(err), code, meta } = err as { message?: string; code?: string; meta?: unknown };
          send({ id, error: { code: 4466, message: 'See data', data: { is_panic: false, message, error_code: code, meta } } });
        }
      });
    })
    .on('close', () => queue.then(() => process.exit(0)));
}
