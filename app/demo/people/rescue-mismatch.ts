import type { Badge } from './design-badge.ts'
import type { School, Stage } from './stage.ts'

/** Journey: a badge went to the address of the school, and its earner signs in with another one. */
export async function rescueMismatch(
  { operator, checks, stamp }: Stage,
  { awarder, at }: School,
  badge: Badge,
): Promise<void> {
  const { check } = checks
  checks.journey('Mismatch rescue')
  const [atSchool, atHome] = [at('kim'), `kim@home-${stamp}.example.org`]
  await awarder.post('/v1/direct-awards', { achievementId: badge.id, identifier: atSchool })
  const token = await operator.mailed(atSchool, /\/claim#([\w-]+)/)
  const kim = await operator.signIn(atHome)
  const offer = await kim.get(`/v1/claims/${token}`)
  const refused = await kim.post(`/v1/claims/${token}/accept`)
  check(
    'whoever is signed in with another address is told, and gets nothing silently',
    [offer.body.matches, refused.status, refused.body.code],
    [false, 409, 'claim-mismatch'],
  )
  check('neither is the whole address shown', offer.text.includes(atSchool), false)

  await kim.post(`/v1/claims/${token}/code`, { language: 'nl' })
  const wrong = await kim.post(`/v1/claims/${token}/proof`, { code: '00000000' })
  const code = await operator.mailed(atSchool, /\b(\d{8})\b/)
  const proven = await kim.post(`/v1/claims/${token}/proof`, { code })
  check(
    'a code that goes to the first address proves it; another one does not',
    [wrong.body.code, proven.status],
    ['identity-code-invalid', 200],
  )
  const accepted = await kim.post(`/v1/claims/${token}/accept`)
  const account = await kim.get('/v1/account')
  check(
    'then the badge is theirs, and both addresses are of one account',
    [accepted.status, account.body.identities.length],
    [200, 2],
  )

  const wrongly = await awarder.post('/v1/direct-awards', {
    achievementId: badge.id,
    identifier: at('typing-error'),
  })
  const made = wrongly.body.directAward
  const first = await operator.mailed(at('typing-error'), /\/claim#([\w-]+)/)
  const right = `lee@home-${stamp}.example.org`
  const changed = await awarder.change('PATCH', `/v1/direct-awards/${made.id}`, { identifier: right })
  const lee = await operator.signIn(right)
  const fresh = await operator.mailed(right, /\/claim#([\w-]+)/)
  check(
    'the awarder confirms another address: the first link ends, and the second works',
    [
      changed.status,
      (await lee.get(`/v1/claims/${first}`)).status,
      (await lee.post(`/v1/claims/${fresh}/accept`)).status,
    ],
    [200, 404, 200],
  )
}
