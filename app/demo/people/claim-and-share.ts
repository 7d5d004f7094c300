import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../product-client.ts'
import { Caller } from './caller.ts'
import type { Badge } from './design-badge.ts'
import type { School, Stage } from './stage.ts'

export interface Held {
  readonly learner: Caller
  readonly credentialId: string
  readonly awardId: string
}

/** Journey: a badge is claimed by its link, kept private, and shared for a while and in part. */
export async function claimAndShare(
  { url, operator, checks }: Stage,
  { awarder, at }: School,
  badge: Badge,
): Promise<Held> {
  const { check } = checks
  checks.journey('Claim, keep private, share with an end date')
  const address = at('learner')
  const offered = await awarder.post('/v1/direct-awards', {
    achievementId: badge.id,
    identifier: address,
    narrative: 'Led the group.',
    evidence: [{ url: 'https://example.org/report', name: 'Report' }],
    language: 'nl',
  })
  check('a badge is offered to an address', offered.status, 201)
  const token = await operator.mailed(address, /\/claim#([\w-]+)/)
  const learner = new Caller(url)
  const accepted = await learner.post(`/v1/claims/${token}/accept`)
  const { credentialId } = accepted.body
  check('the link in the mail signs in and claims, without an account made before', accepted.status, 200)
  const again = await learner.post(`/v1/claims/${token}/accept`)
  check('pressed twice it is one badge', [again.status, again.body.credentialId], [200, credentialId])

  const view = `/v1/credentials/${credentialId}`
  await until(async () => ((await learner.get(view)).status === 200 ? true : undefined), 'it is signed')
  const stranger = new Caller(url)
  check('it is private: to a stranger it does not exist', (await stranger.get(view)).status, 404)

  const ends = new Date(Date.now() + 4_000).toISOString()
  const whole = await learner.post(`${view}/share-links`, { expiresAt: ends, label: 'Application' })
  const share = new URL(whole.body.url).searchParams.get('share') ?? whole.body.url.split('share=')[1]
  const seen = await stranger.get(`${view}?share=${share}`)
  check(
    'whoever has the link sees it, and search engines are told not to keep it',
    [seen.status, seen.body.form, /noindex/.test(seen.headers.get('x-robots-tag') ?? '')],
    [200, 'document', true],
  )
  const part = await learner.post(`${view}/share-links`, { omits: ['evidence'] })
  const partly = part.body.url.split('share=')[1]
  const less = await stranger.get(`${view}?share=${partly}`)
  check(
    'a link without the evidence shows no document: nothing can be hidden in what is signed',
    [less.body.form, less.text.includes('example.org/report'), less.body.document],
    ['attested-view', false, undefined],
  )
  const whole2 = await stranger.get(`${view}/document?share=${partly}`)
  check('nor can the document be downloaded by it', whole2.status, 404)
  await sleep(Math.max(0, Date.parse(ends) - Date.now()) + 500)
  check('after its end the link leads nowhere', (await stranger.get(`${view}?share=${share}`)).status, 404)
  const views = await learner.get(`${view}/views`)
  check('the earner sees how often it was looked at, and not by whom', views.body.total, 2)

  const awards = (await awarder.get('/v1/awards?limit=100')).body.items
  const award = awards.find((each: { credentialId: string | null }) => each.credentialId === credentialId)
  return { learner, credentialId, awardId: award?.id }
}
