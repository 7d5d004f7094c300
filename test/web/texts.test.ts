import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createServer } from 'vite'
import { expect, test } from 'vitest'

interface Tree {
  readonly [key: string]: string | Tree
}

const WEB = resolve(import.meta.dirname, '../../web')
const all = await readTexts()

test('Dutch fills in the same places as English', () => {
  const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()
  for (const [key, english] of all.en) {
    // A plural may say "one" in words.
    if (key.endsWith('_one')) continue
    expect(holes(all.nl.get(key) ?? ''), key).toEqual(holes(english))
  }
  expect([...all.nl.keys()]).toEqual([...all.en.keys()])
  expect(all.en.size).toBeGreaterThan(500)
})

test('every text that the pages name is there', () => {
  const missing = sources().flatMap(({ file, text }) =>
    [...text.matchAll(/\bt\(\s*'([a-zA-Z]+:[^']+)'/g)]
      .map(([, key]) => key ?? '')
      .filter((key) => ![key, `${key}_one`, `${key}_other`].some((each) => all.en.has(each)))
      .map((key) => `${file}: ${key}`),
  )
  expect(missing).toEqual([])
})

test('nothing is promised that a green page does not say', () => {
  const never =
    /tamper[- ]?proof|blockchain proves|contract awarded|proves when|GDPR|AVG-proof|anonymous|anoniem|for ever|voor altijd|trustworthy|betrouwbaar|1EdTech certified|endorsed by|aanbevolen door|erased from/i
  for (const [key, text] of [...all.en, ...all.nl]) expect(text, key).not.toMatch(never)
})

test('whoever says "not revoked" says as of when', () => {
  const said = [...all.en, ...all.nl].filter(([, text]) => /not revoked|niet ingetrokken/i.test(text))
  expect(said.length).toBeGreaterThan(3)
  for (const [key, text] of said) expect(text, key).toMatch(/\{\{time\}\}|time shown|getoonde moment/)
})

/** All texts by `namespace:path`, in both languages. */
async function readTexts() {
  const found = { en: new Map<string, string>(), nl: new Map<string, string>() }
  const server = await createServer({
    configFile: join(WEB, 'vite.config.ts'),
    server: { middlewareMode: true, ws: false, watch: null },
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    logLevel: 'error',
  })
  try {
    const namespaces = registered()
    // Words of reports stand in the engine, as papers say them too.
    const ofReports = globSync(resolve(WEB, '../engine/verification/*-texts.ts'))
    for (const file of [
      ...globSync('src/*/*-texts.ts', { cwd: WEB }).map((each) => `/${each}`),
      ...ofReports,
    ]) {
      for (const [name, both] of Object.entries(await server.ssrLoadModule(file))) {
        const namespace = namespaces.get(name)
        if (namespace === undefined || !inBothLanguages(both)) continue
        for (const language of ['en', 'nl'] as const)
          flatten(both[language], `${namespace}:`, found[language])
        namespaces.delete(name)
      }
    }
    // What the pages register and nobody read would be looked at by no test below.
    expect([...namespaces]).toEqual([])
    return found
  } finally {
    await server.close()
  }
}

function flatten(tree: Tree, prefix: string, into: Map<string, string>): void {
  for (const [key, value] of Object.entries(tree))
    if (typeof value === 'string') into.set(prefix + key, value)
    else flatten(value, `${prefix}${key}.`, into)
}

/** Under which namespace the pages know each export: as i18n.ts lists them, and as later parts add theirs. */
function registered(): Map<string, string> {
  const found = new Map<string, string>()
  for (const { file, text } of sources()) {
    const added = file.endsWith('i18n/i18n.ts') ? /^ {2}(\w+): (\w+Texts),$/gm : /addTexts\('(\w+)', (\w+)\)/g
    for (const [, namespace = '', name = ''] of text.matchAll(added)) found.set(name, namespace)
  }
  return found
}

function inBothLanguages(value: unknown): value is { readonly en: Tree; readonly nl: Tree } {
  return typeof value === 'object' && value !== null && 'en' in value && 'nl' in value
}

function sources() {
  return globSync('src/**/*.{ts,tsx}', { cwd: WEB }).map((file) => ({
    file,
    text: readFileSync(join(WEB, file), 'utf8'),
  }))
}
