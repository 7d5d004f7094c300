import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createServer } from 'vite'
import { expect, test } from 'vitest'

interface Tree {
  readonly [key: string]: string | Tree
}

const WEB = resolve(import.meta.dirname, '../../web')
const CONCEPTS: Readonly<Record<string, string>> = {
  catalogue: 'catalogue',
  check: 'checks',
  signIn: 'signIn',
  app: 'app',
  verify: 'verify',
  console: 'console',
  people: 'people',
}

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
    for (const file of globSync('src/*/*-texts.ts', { cwd: WEB })) {
      const exported = Object.values(await server.ssrLoadModule(`/${file}`)) as readonly object[]
      const both = exported.find((each): each is { en: Tree; nl: Tree } => 'en' in each && 'nl' in each)
      if (both === undefined) continue
      for (const language of ['en', 'nl'] as const)
        flatten(both[language], `${namespaceOf(file)}:`, found[language])
    }
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

/** `claim-texts.ts` holds the namespace `claims`. */
function namespaceOf(file: string): string {
  const name = basename(file, '-texts.ts').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return CONCEPTS[name] ?? `${name}s`
}

const sources = () =>
  globSync('src/**/*.{ts,tsx}', { cwd: WEB }).map((file) => ({
    file,
    text: readFileSync(join(WEB, file), 'utf8'),
  }))
