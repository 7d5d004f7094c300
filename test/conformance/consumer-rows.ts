import type { Caller } from '#app/demo/people/caller.ts'
import { until } from '#app/demo/product-client.ts'
import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { connect, registerApplication } from '#test/credentials/application.ts'
import { Visitor } from '#test/credentials/visitor.ts'
import type { TestProduct } from '#test/product/test-product.ts'
import type { ConformanceStage } from './conformance-stage.ts'
import { issued, verifyByOthers } from './issuer-rows.ts'
import { type OtherHost, startOtherHost } from './other-host.ts'
import { expectSame, expectThat, type Row } from './row.ts'
import { addressOf, SAMPLE } from './sample-badges.ts'

const BASE = '/ims/ob/v3p0'
/** Whose profile the guide wants to be sent. */
const PROFILE_ID = 'https://1edtech.org/issuers/cert'
const RECIPIENT = 'conformance@imsglobal.org'
const READER = 'reader@conformance.example'
const THEIR_PROFILE = { id: PROFILE_ID, type: ['Profile'], name: 'Certified reader' }

/** Rows in which the product calls the Open Badges API of somebody else. */
export const CONSUMER_ROWS: readonly Row[] = [
  {
    id: 'ISS-4',
    title: 'Obtain a token of another host, with the right scopes',
    play: async (stage) => {
      const host = await startOtherHost(samplesOf(stage), THEIR_PROFILE)
      stage.ends.push(() => host.stop())
      const { learner } = issued(stage)
      const { id, scopes } = await connectTo(host, learner)
      for (const scope of [OB_SCOPES.upsertCredentials, OB_SCOPES.updateProfile])
        expectThat(`it was granted ${scope}`, scopes.includes(scope))
      expectSame(
        'what the host was asked',
        host.asked.map((each) => each.replace(/\?.*/s, '')),
        [`GET ${BASE}/discovery`, 'POST /register', 'GET /authorize', 'POST /token'],
      )
      stage.kept.set('other host', { host, id } satisfies Connected)
      return 'discovery, registration, authorisation with PKCE, token'
    },
  },
  {
    id: 'ISS-5',
    title: 'Send a badge to another host',
    play: async (stage) => {
      const { host, id } = connectedHost(stage)
      const { learner, credentialId, document } = issued(stage)
      const sent = await learner.post(`/v1/connections/${id}/push`, { credentialId })
      expectSame(`the outcome (${sent.text.slice(0, 200)})`, sent.body?.outcome, 'created')
      expectSame('the badge that came there', host.received, [document])
      await verifyByOthers(stage, document)
      return 'it came there unchanged, and a library of others verifies it'
    },
  },
  {
    id: 'ISS-6',
    title: `Send the profile of ${PROFILE_ID}`,
    play: async (stage) => {
      const { host, id } = connectedHost(stage)
      const { learner } = issued(stage)
      const profile = {
        id: PROFILE_ID,
        type: ['Profile'],
        name: 'Sample Academy',
        url: 'https://1edtech.org',
      }
      await writeProfile(stage, profile)
      expectSame('sending it', (await learner.post(`/v1/connections/${id}/push-profile`)).status, 204)
      expectSame('the profile there', host.profile(), profile)
      return 'as it was written here, by an application that may'
    },
  },
  {
    id: 'HST-1',
    title: 'Read badges and profile of another host, and show them',
    play: async (stage) => {
      const host = await startOtherHost(samplesOf(stage), THEIR_PROFILE)
      stage.ends.push(() => host.stop())
      const reader = await stage.operator.signIn(READER)
      const { id, scopes } = await connectTo(host, reader)
      for (const scope of [OB_SCOPES.readCredentials, OB_SCOPES.readProfile])
        expectThat(`it was granted ${scope}`, scopes.includes(scope))
      await fetchAll(reader, id, {}, 2)
      expectThat(
        'it asked page by page',
        [0, 1].every((at) =>
          host.asked.some((each) => new RegExp(`/credentials\\?limit=\\d+&offset=${at}$`).test(each)),
        ),
      )
      await fetchAll(reader, id, {}, 2)
      expectThat(
        'it asked for what came since',
        host.asked.some((each) => /\/credentials\?(?:.*&)?since=\d{4}-/.test(each)),
      )
      const { profile } = (await reader.get(`/v1/connections/${id}/profile`)).body
      expectSame('the profile that is shown', profile, THEIR_PROFILE)

      const page = await stage.pageOf(READER)
      await page.goto(`${stage.url}/backpack`)
      await page.getByText(SAMPLE.name).first().waitFor()
      expectSame('the badges on the page', await page.getByText(SAMPLE.name, { exact: true }).count(), 2)
      await page.getByRole('button', { name: 'Show my profile at Other host' }).click()
      await page.getByText(THEIR_PROFILE.name).waitFor()
      return 'page by page, since a moment, and on the page of the backpack'
    },
  },
]

interface Connected {
  readonly host: OtherHost
  readonly id: string
}

function connectedHost(stage: ConformanceStage): Connected {
  const connected = stage.kept.get('other host')
  if (connected === undefined) throw new Error('no host was connected: ISS-4 comes first')
  return connected as Connected
}

/** The good badges of both data models, as their issuer gave them out. */
const samplesOf = ({ samples }: ConformanceStage): readonly JsonObject[] =>
  (['2.0', '1.1'] as const).map((model) =>
    JSON.parse(new TextDecoder().decode(samples.get(addressOf(model, 'valid')))),
  )

/** As somebody does it: names the host, says yes there, and comes back. */
async function connectTo(
  host: OtherHost,
  person: Caller,
): Promise<{ id: string; scopes: readonly string[] }> {
  const begun = await person.post('/v1/connections', { url: host.url })
  expectSame(`beginning (${begun.text.slice(0, 200)})`, begun.status, 201)
  const { connection, authorizeUrl } = begun.body
  const yes = await fetch(authorizeUrl, { redirect: 'manual' })
  const back = yes.headers.get('location')
  if (back === null) throw new Error(`the host refuses: ${await yes.text()}`)
  const finished = await person.post(`/v1/connections/${connection.id}/finish`, {
    query: new URL(back).search.slice(1),
  })
  expectSame(`coming back (${finished.text.slice(0, 200)})`, finished.body?.state, 'connected')
  return { id: connection.id, scopes: finished.body.scopes }
}

/** Fetches, and waits until so many badges of elsewhere are there, each of them good. */
async function fetchAll(person: Caller, id: string, body: object, count: number): Promise<void> {
  const fetched = await person.post(`/v1/connections/${id}/fetch`, body)
  expectThat(`fetching (${fetched.text.slice(0, 200)})`, fetched.status < 300)
  await until(async () => {
    const { state } = (await person.get(`/v1/connections/${id}/fetch`)).body
    return state === 'done' ? true : undefined
  }, 'all was fetched')
  const items: readonly { verdict: string }[] = (await person.get('/v1/backpack/imported')).body.items
  expectSame(
    'what they are',
    items.map(({ verdict }) => verdict),
    Array(count).fill('valid'),
  )
}

/** By an application that its owner let in, which is how a profile is written here. */
async function writeProfile(stage: ConformanceStage, profile: object): Promise<void> {
  const product = { url: stage.url, running: stage.running } as TestProduct
  const holder = await new Visitor(product).signIn(RECIPIENT)
  const tokens = await connect(await registerApplication(product), holder, [OB_SCOPES.updateProfile])
  const answer = await fetch(`${stage.url}${BASE}/profile`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify(profile),
  })
  expectThat(`writing a profile (${answer.status})`, answer.status < 300)
}
