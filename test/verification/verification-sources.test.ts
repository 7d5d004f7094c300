import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foreignDids, foreignLists, foreignStandings } from '#adapters/fetch/foreign-sources.ts'
import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { createWebSources } from '#app/cli/fetch-document.ts'
import { fakeSources, type Served } from './fake-sources.ts'
import { sourcesConformance, type WebSources } from './verification-sources.conformance.ts'

type Answer = (response: ServerResponse) => void

let server: Server
const answers = new Map<string, Answer>()
beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '')
    if (answer === undefined) response.writeHead(404).end()
    else answer(response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})
afterAll(() => {
  server?.closeAllConnections()
  server?.close()
})

let names = 0
/** Puts an answer on the real web server, where a did:web and an address lead to it. */
function serve(answer: Answer | undefined) {
  const { port } = server.address() as AddressInfo
  const name = `name-${++names}`
  if (answer !== undefined) answers.set(`/issuers/${name}/did.json`, answer)
  return {
    did: `did:web:localhost%3A${port}:issuers:${name}`,
    url: `http://localhost:${port}/issuers/${name}/did.json`,
  }
}

const body =
  (text: string): Answer =>
  (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)

const guarded = createGuardedFetch({ allowLocalhost: true })
const REAL: readonly [string, WebSources][] = [
  [
    'the guarded fetcher of the server',
    { ...foreignDids(guarded), ...foreignLists(guarded), ...foreignStandings(guarded) },
  ],
  ['the command line', createWebSources()],
]

sourcesConformance('the fake', () => {
  const served = new Map<string, Served>()
  return {
    sources: fakeSources(served),
    place: (what) => {
      const name = `name-${++names}`
      const at = { did: `did:web:${name}.example`, url: `https://${name}.example/list` }
      if (what !== 'nothing')
        for (const key of [at.did, at.url]) served.set(key, what === 'down' ? 'unavailable' : what)
      return at
    },
  }
})

for (const [name, sources] of REAL)
  sourcesConformance(name, () => ({
    sources,
    place: (what) => {
      if (what === 'nothing') return serve(undefined)
      if (what === 'down') return serve((response) => response.destroy())
      return serve(body(typeof what === 'string' ? what : JSON.stringify(what)))
    },
  }))

const FAULTS: readonly [string, Answer][] = [
  ['an error of the server', (response) => response.writeHead(500).end('{"id":"x"}')],
  ['a refusal', (response) => response.writeHead(403).end('{"id":"x"}')],
  ['a web page', body('<!doctype html><title>Not here</title>')],
  ['a list', body('[]')],
  ['a key twice', body('{"id":"a","id":"b"}')],
  ['torn JSON', body('{"id":')],
  ['nothing at all', body('')],
  ['over 1 MB', body(`{"id":"${'x'.repeat(1_100_000)}"}`)],
  [
    'an answer that breaks off',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"id":"x"}')
      setTimeout(() => response.destroy(), 20)
    },
  ],
  ['a way to elsewhere', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
]
const CASES = REAL.flatMap(([name, sources]) =>
  FAULTS.map(([fault, answer]) => [name, fault, sources, answer] as const),
)

test.each(CASES)('%s takes %s for no answer', async (_name, _fault, sources, answer) => {
  answers.set('/elsewhere', body('{"id":"elsewhere"}'))
  const { did, url } = serve(answer)
  expect(await sources.resolve(did)).toBe('unavailable')
  expect(await sources.fetch(url)).toBe('unavailable')
  expect(await sources.fetchStanding(url)).toBe('unavailable')
})

test.each(REAL)(
  '%s finds no DID of another method, and goes to no address by http elsewhere',
  async (_, sources) => {
    expect(await sources.resolve('did:example:123')).toBe('not_found')
    expect(await sources.fetch('http://192.0.2.1/list')).toBe('unavailable')
    expect(await sources.fetchStanding('http://192.0.2.1/standing')).toBe('unavailable')
  },
)

test.each(REAL)('%s knocks at no address that is not public', async (_, sources) => {
  let knocks = 0
  const inside = createTcpServer((socket) => {
    knocks += 1
    socket.destroy()
  })
  await new Promise<void>((listening) => inside.listen(0, '127.0.0.2', listening))
  const { port } = inside.address() as AddressInfo
  const url = `https://127.0.0.2:${port}/list`
  expect(await sources.fetch(url)).toBe('unavailable')
  expect(await sources.fetchStanding(url)).toBe('unavailable')
  await new Promise((closed) => inside.close(closed))
  expect(knocks).toBe(0)
})
