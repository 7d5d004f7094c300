import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { Caller } from '#app/demo/people/caller.ts'
import { until } from '#app/demo/product-client.ts'
import { BADGE_CONTEXTS } from '#engine/credentials/contexts.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ConformanceStage } from './conformance-stage.ts'
import { expectSame, expectThat, type Row } from './row.ts'

/** Whom the guide wants the badge to be issued to. */
const RECIPIENT = 'conformance@imsglobal.org'
const NAME = 'Working together'
const ACTIVITY = 'https://courses.conformance.example/final'

export const ISSUER_ROWS: readonly Row[] = [
  {
    id: 'ISS-1',
    title: 'Issue a valid badge to the address of the guide',
    play: async (stage) => {
      await issueByRule(stage)
      const { learner, credentialId } = await claim(stage)
      const document = (await learner.get(`/v1/credentials/${credentialId}`)).body.document as JsonObject
      await probe(stage, document)
      stage.kept.set('badge', { learner, credentialId, document } satisfies IssuedBadge)
      return 'a rule made it due; claimed, and every probe of the guide passes, by a library of others too'
    },
  },
  {
    id: 'ISS-2',
    title: 'The recipient can retrieve the badge',
    play: async (stage) => {
      const { learner, credentialId, document } = issued(stage)
      const held = (await learner.get('/v1/backpack')).text
      expectThat('it is in the backpack', held.includes(credentialId))
      const types: string[] = []
      for (const format of ['json', 'png', 'svg']) {
        const file = await fetchFile(stage, `/v1/credentials/${credentialId}/document?format=${format}`)
        const report = await verifyFile(stage, file)
        expectSame(`the verdict on its ${format}`, report.verdict, 'valid')
        expectSame(`the badge in its ${format}`, report.credential.id, document['id'])
        types.push(file.type)
      }
      const page = await stage.pageOf()
      await page.goto(`${stage.url}/credentials/${credentialId}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const shown = (await page.locator('main').textContent()) ?? ''
      const { achievement } = document['credentialSubject'] as { achievement: JsonObject }
      for (const word of [NAME, `${achievement['description']}`, 'Sample Academy'])
        expectThat(`its page shows "${word}"`, shown.includes(word))
      return `by mail, claim and backpack, on its page and as ${types.join(', ')}`
    },
  },
  {
    id: 'ISS-3',
    title: 'Embedded proofs use eddsa-rdfc-2022',
    play: async (stage) => {
      const proofs = [issued(stage).document['proof']].flat() as unknown as readonly JsonObject[]
      expectSame('the number of proofs', proofs.length, 1)
      for (const proof of proofs)
        expectSame(
          'the proof',
          { type: proof['type'], cryptosuite: proof['cryptosuite'], proofPurpose: proof['proofPurpose'] },
          { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', proofPurpose: 'assertionMethod' },
        )
      return 'one proof'
    },
  },
]

interface IssuedBadge {
  readonly learner: Caller
  readonly credentialId: string
  readonly document: JsonObject
}

export function issued(stage: ConformanceStage): IssuedBadge {
  const badge = stage.kept.get('badge')
  if (badge === undefined) throw new Error('no badge was issued: ISS-1 comes first')
  return badge as IssuedBadge
}

/** Somebody founds an organisation, publishes a badge with a rule, and a learning platform tells what was done. */
async function issueByRule({ operator, url }: ConformanceStage): Promise<void> {
  const owner = await operator.signIn('owner@conformance.example')
  await expectStatus(owner.post('/v1/organisations', { slug: 'conformance', name: 'Sample Academy' }), 201)
  const issuer = await expectStatus(
    owner.post('/v1/issuers', { slug: 'conformance-academy', name: 'Sample Academy' }),
    201,
  )
  const achievement = await expectStatus(
    owner.post('/v1/achievements', {
      issuerId: issuer.id,
      slug: 'conformance-teamwork',
      definition: {
        language: 'en',
        name: { en: NAME },
        description: { en: 'Worked in a group to the end of the course.' },
        criteria: { en: 'Completed the course.' },
        alignments: [
          { targetName: 'Working with others', targetUrl: 'http://data.europa.eu/esco/skill/sample' },
        ],
      },
    }),
    201,
  )
  await expectStatus(owner.post(`/v1/achievements/${achievement.id}/versions/1/publish`), 200)
  const rule = await expectStatus(
    owner.post('/v1/rules', {
      name: 'Completed',
      document: {
        schema: 'waarmerk-rule/1',
        achievement: 'conformance-teamwork',
        occurrence: { kind: 'once' },
        recipient: 'event.actor',
        when: {
          id: 'done',
          distinctOf: 1,
          by: 'event.activity',
          in: [ACTIVITY],
          where: "event.type == 'completed'",
        },
      },
    }),
    201,
  )
  await expectStatus(owner.post(`/v1/rules/${rule.id}/versions/1/activate`), 200)
  const key = await expectStatus(
    owner.post('/v1/api-keys', { name: 'Learning platform', rights: ['create', 'read'] }),
    201,
  )
  const event = {
    specversion: '1.0',
    id: 'final-1',
    source: 'https://lms.conformance.example/',
    type: 'org.example.lms.completed',
    time: new Date().toISOString(),
    subject: `mailto:${RECIPIENT}`,
    data: { activity: ACTIVITY, score: 0.9 },
  }
  const told = await new Caller(url, key.secret).post('/v1/events', event)
  expectThat(`an event is taken (${told.status} ${told.text.slice(0, 200)})`, told.status < 300)
}

/** By the link in the mail, without an account made before; then by signing in, for all that an account may do. */
async function claim({ operator, url }: ConformanceStage) {
  const token = await operator.mailed(RECIPIENT, /\/claim#([\w-]+)/)
  const { credentialId } = await expectStatus(new Caller(url).post(`/v1/claims/${token}/accept`), 200)
  const learner = await operator.signIn(RECIPIENT)
  const view = `/v1/credentials/${credentialId}`
  await until(async () => ((await learner.get(view)).status === 200 ? true : undefined), 'it is signed')
  await expectStatus(learner.send('PUT', `${view}/visibility`, { visibility: 'public' }), 200)
  return { learner, credentialId: credentialId as string }
}

/** The probes of the public validator, in its order: what it looks at in a badge before it calls it valid. */
async function probe(stage: ConformanceStage, document: JsonObject): Promise<void> {
  expectSame('the contexts', document['@context'], BADGE_CONTEXTS)
  expectSame('the types', document['type'], ['VerifiableCredential', 'OpenBadgeCredential'])
  expectSame("faults against 1EdTech's schema", createCredentialSuite().schemaFaults(document), [])
  const subject = document['credentialSubject'] as JsonObject
  const achievement = subject['achievement'] as JsonObject
  expectSame('the type of the subject', subject['type'], ['AchievementSubject'])
  expectThat('the subject has an id', typeof subject['id'] === 'string')
  expectSame('the type of the achievement', achievement['type'], ['Achievement'])
  expectThat('it has criteria', typeof (achievement['criteria'] as JsonObject)['narrative'] === 'string')
  const issuer = document['issuer'] as JsonObject
  expectSame('the type of the issuer', issuer['type'], ['Profile'])
  expectSame('the page of the issuer answers', (await stage.visitor.get(`${issuer['url']}`)).status, 200)
  expectThat('it has begun', Date.parse(`${document['validFrom']}`) <= Date.now())
  await verifyByOthers(stage, document)

  const status = document['credentialStatus'] as JsonObject
  expectSame(
    'its status',
    [status['type'], status['statusPurpose']],
    ['BitstringStatusListEntry', 'revocation'],
  )
  const list = (await stage.visitor.get(`${status['statusListCredential']}`)).body
  await verifyByOthers(stage, list)
  const bits = await createCredentialSuite().decodeStatusList(list.credentialSubject.encodedList)
  expectThat('its list has 131,072 entries or more', (bits?.length ?? 0) * 8 >= 131_072)
}

/** By the library of Digital Bazaar, with the DID document as the product serves it. */
export async function verifyByOthers(
  { visitor, url }: Pick<ConformanceStage, 'visitor' | 'url'>,
  credential: JsonObject,
): Promise<void> {
  const pinned = createDocumentLoader()
  const documentLoader = async (address: string) => {
    const [did = ''] = address.split('#')
    if (!did.startsWith('did:web:')) return pinned(address)
    const didDocument = (await visitor.get(`${url}/${did.split(':').slice(3).join('/')}/did.json`)).body
    const methods: readonly JsonObject[] = didDocument.verificationMethod
    const document = address.includes('#')
      ? { '@context': 'https://w3id.org/security/multikey/v1', ...methods.find(({ id }) => id === address) }
      : didDocument
    return { contextUrl: null, documentUrl: address, document }
  }
  const result = await vc.verifyCredential({
    credential,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    // Its status is read apart: that library takes a set bit for a good one.
    checkStatus: async () => ({ verified: true }),
  } as never)
  expectThat(`@digitalbazaar/vc verifies it (${JSON.stringify(result.error ?? null)})`, result.verified)
}

async function expectStatus(answering: ReturnType<Caller['get']>, status: number) {
  const answer = await answering
  if (answer.status !== status)
    throw new Error(`an answer is ${answer.status} and should be ${status}: ${answer.text.slice(0, 300)}`)
  return answer.body
}

export interface BadgeFile {
  readonly bytes: Uint8Array
  readonly type: string
}

export async function fetchFile({ url }: ConformanceStage, path: string): Promise<BadgeFile> {
  const answer = await fetch(`${url}${path}`)
  if (answer.status !== 200) throw new Error(`${path} is ${answer.status}: ${await answer.text()}`)
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
  return { bytes: new Uint8Array(await answer.arrayBuffer()), type }
}

export async function verifyFile({ url }: ConformanceStage, { bytes, type }: BadgeFile) {
  const answer = await fetch(`${url}/v1/verify`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: bytes as BodyInit,
  })
  if (answer.status !== 200) throw new Error(`verifying is ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as { verdict: string; credential: { id: string } }
}
