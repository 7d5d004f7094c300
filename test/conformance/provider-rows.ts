import { type Configuration, refreshTokenGrant, tokenRevocation } from 'openid-client'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { connect, registerApplication } from '#test/credentials/application.ts'
import { Visitor } from '#test/credentials/visitor.ts'
import type { TestProduct } from '#test/product/test-product.ts'
import type { ConformanceStage } from './conformance-stage.ts'
import { expectSame, expectThat, type Row } from './row.ts'
import { addressOf } from './sample-badges.ts'

const BASE = '/ims/ob/v3p0'
const HOLDER = 'conformance@imsglobal.org'

/** Rows in which the product serves the Open Badges API, and an application of somebody else calls it. */
export const PROVIDER_ROWS: readonly Row[] = [
  {
    id: 'HST-2',
    title: 'Serve discovery, registration, authorisation, badges and profile',
    play: async (stage) => {
      const discovery = await call(stage, 'GET', '/discovery')
      expectSame('discovery', [discovery.status, discovery.json.openapi], [200, '3.0.1'])
      const granted = await connected(stage)
      await readsAll(stage, granted.token)
      expectSame('without a token', (await call(stage, 'GET', '/credentials')).status, 401)
      const { token } = await connected(stage, [PROFILE_ONLY])
      expectSame(
        'with a token for something else',
        (await call(stage, 'GET', '/credentials', token)).status,
        403,
      )
      stage.kept.set('granted', granted)
      return 'every badge verifies, and pages and headers are as they should be'
    },
  },
  {
    id: 'HST-3',
    title: 'A refreshed token reads again, a revoked one no more',
    play: async (stage) => {
      const { application, refresh } = stage.kept.get('granted') as Granted
      const renewed = await refreshTokenGrant(application, refresh)
      await readsAll(stage, renewed.access_token)
      await tokenRevocation(application, renewed.access_token)
      expectSame(
        'a revoked token',
        (await call(stage, 'GET', '/credentials', renewed.access_token)).status,
        401,
      )
      return 'refreshed, revoked, refused'
    },
  },
  {
    id: 'HST-4',
    title: 'Take a badge by upsert, and give the same back',
    play: async (stage) => {
      const { token } = await connected(stage)
      const text = new TextDecoder().decode(stage.samples.get(addressOf('2.0', 'valid')))
      const document = JSON.parse(text) as JsonObject
      const pushed = await call(stage, 'POST', '/credentials', token, document)
      expectThat(`it is taken (${pushed.status})`, pushed.status === 201 || pushed.status === 200)
      const again = await call(stage, 'POST', '/credentials', token, document)
      expectThat(
        `the same again is no second one (${again.status})`,
        again.status === 200 || again.status === 304,
      )
      const held: readonly JsonObject[] = (await call(stage, 'GET', '/credentials?limit=50', token)).json
        .credential
      const same = held.filter(({ id }) => id === document['id'])
      expectSame('what is held of it', same.map(canonicalJson), [canonicalJson(document)])
      return 'once, and unchanged'
    },
  },
]

const PROFILE_ONLY = 'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly'

interface Granted {
  readonly application: Configuration
  readonly token: string
  readonly refresh: string
}

/** An application registers, and the holder lets it in. */
async function connected(stage: ConformanceStage, scopes?: readonly string[]): Promise<Granted> {
  // Those helpers ask of a product no more than its address and a way to sign somebody in.
  const product = { url: stage.url, running: stage.running } as TestProduct
  const application = await registerApplication(product)
  const holder = await new Visitor(product).signIn(HOLDER)
  const tokens = await connect(application, holder, scopes)
  return { application, token: tokens.access_token, refresh: tokens.refresh_token ?? '' }
}

/** Badges page by page, each of which verifies, and the profile of who let the application in. */
async function readsAll(stage: ConformanceStage, token: string): Promise<void> {
  let next: string | undefined = '/credentials?limit=1&offset=0'
  let seen = 0
  let total = 1
  for (let pages = 0; next !== undefined && pages < MOST_PAGES; pages += 1) {
    const page = await call(stage, 'GET', next, token)
    expectSame('reading badges', page.status, 200)
    total = Number(page.headers.get('x-total-count'))
    expectThat('it holds a badge', total >= 1)
    const badges = [...page.json.credential, ...page.json.compactJwsString]
    expectSame('badges on a page of one', badges.length, 1)
    seen += badges.length
    for (const credential of badges) {
      const { body } = await stage.visitor.post('/v1/verify', { credential })
      const proof = body.checks.find(({ name }: { name: string }) => name === 'proof')
      expectSame('the proof of a badge that was handed out', proof?.outcome, 'passed')
    }
    next = nextOf(page.headers.get('link'))
  }
  expectSame('badges on all pages together', seen, Math.min(total, MOST_PAGES))
  const beyond = await call(stage, 'GET', '/credentials?since=2999-01-01T00:00:00Z', token)
  expectSame('badges of a time to come', [beyond.status, beyond.headers.get('x-total-count')], [200, '0'])
  const profile = await call(stage, 'GET', '/profile', token)
  expectThat(`a profile, or none yet (${profile.status})`, profile.status === 200 || profile.status === 404)
}

const MOST_PAGES = 20

/** The path of the next page, as `Link` names it (RFC 8288). */
function nextOf(link: string | null): string | undefined {
  const address = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1]
  if (address === undefined) return undefined
  const at = address.indexOf(BASE)
  return at < 0 ? undefined : address.slice(at + BASE.length)
}

async function call({ url }: ConformanceStage, method: string, path: string, token?: string, body?: object) {
  const answer = await fetch(`${url}${BASE}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  // biome-ignore lint/suspicious/noExplicitAny: the rows look at answers of every shape
  const json = (/json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined) as any
  return { status: answer.status, headers: answer.headers, json }
}
