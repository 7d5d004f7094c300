// Writes prisma/schema.prisma from the migrated database that DATABASE_URL names: the migrations are the truth.
// Relations are left out: stores name their keys, and partial unique indexes would pass for one-to-one relations.
// With --check it writes nothing and exits with 1 when the committed file says something else.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const HEAD = `// Read from the migrated database by \`npm run db:pull\`; the migrations are the truth. \`npm test\` compares.
generator client {
  provider               = "prisma-client"
  output                 = "../adapters/postgres/generated/prisma"
  runtime                = "nodejs"
  moduleFormat           = "esm"
  generatedFileExtension = "ts"
  importFileExtension    = "ts"
}

datasource db {
  provider = "postgresql"
}
`

/** What the schema file must say for the database behind the URL. */
export function pullSchema(databaseUrl: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'waarmerk-schema-'))
  try {
    const file = join(folder, 'schema.prisma')
    writeFileSync(file, HEAD)
    execFileSync('prisma', ['db', 'pull', '--schema', file], {
      env: { ...process.env, DATABASE_URL: databaseUrl, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return HEAD + withoutRelations(readFileSync(file, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withoutRelations(schema: string): string {
  const models = new Set([...schema.matchAll(/^model (\w+)/gm)].map((found) => found[1]))
  const body = schema.slice(schema.indexOf('\nmodel '))
  return body
    .split('\n')
    .filter((line) => {
      const type = /^ {2}\w+ +(\w+)/.exec(line)?.[1]
      const partialIndex = line.startsWith('  @@') && line.includes('where: ')
      return (type === undefined || !models.has(type)) && !line.startsWith('///') && !partialIndex
    })
    .map((line) => line.replace(/ @unique\(.*where: .*\)(?=(?: @db\.\w+(?:\(\d+\))?)?$)/, ''))
    .join('\n')
}

if (import.meta.main) {
  const url = process.env['DATABASE_URL']
  if (url === undefined) throw new Error('Set DATABASE_URL to a migrated database.')
  const path = join(import.meta.dirname, '../prisma/schema.prisma')
  const pulled = pullSchema(url)
  if (!process.argv.includes('--check')) writeFileSync(path, pulled)
  else if (readFileSync(path, 'utf8') !== pulled) {
    console.error('prisma/schema.prisma is out of date: run npm run db:pull.')
    process.exit(1)
  }
}
