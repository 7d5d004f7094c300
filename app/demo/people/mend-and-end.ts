import { until } from '../product-client.ts'
import type { Held } from './claim-and-share.ts'
import type { School, Stage } from './stage.ts'

interface Report {
  readonly verdict: string
  readonly checks: readonly {
    readonly name: string
    readonly code?: string | null
    readonly outcome: string
  }[]
}

/** Journey: what was issued is corrected, revoked, over, and renewed. */
export async function mendAndEnd(
  { operator, checks }: Stage,
  { awarder, at }: School,
  { learner, credentialId, awardId }: Held,
): Promise<void> {
  const { check } = checks
  checks.journey('Correct, revoke, expire and renew')
  const award = `/v1/awards/${awardId}`
  const document = async () => (await learner.get(`/v1/credentials/${credentialId}`)).body.document
  const verdict = async (credential: unknown): Promise<readonly [string, string | undefined]> => {
    const report: Report = (await awarder.post('/v1/verify', { credential })).body
    const bad = report.checks.find(({ outcome }) => outcome === 'failed')
    return [report.verdict, bad?.code ?? undefined]
  }
  const edition = (number: number) =>
    until(
      async () =>
        (await learner.get(`/v1/credentials/${credentialId}`)).body.edition === number ? true : undefined,
      `edition ${number} is signed`,
    )

  const first = await document()
  const stale = await awarder.post(
    `${award}/correct`,
    { changes: { narrative: 'X' }, reason: 'X' },
    { 'if-match': '"v99"' },
  )
  const corrected = await awarder.change(
    'POST',
    `${award}/correct`,
    { changes: { narrative: 'Led the group, and wrote the report.' }, reason: 'Half was missing.' },
    award,
  )
  check(
    'corrected by who has seen its newest revision, and nobody else',
    [stale.status, corrected.status],
    [412, 200],
  )
  await edition(2)
  const second = await document()
  check(
    'the same badge, a new edition',
    [second.id === first.id, second.credentialSubject.narrative],
    [true, 'Led the group, and wrote the report.'],
  )
  check('the first one is superseded', await verdict(first), ['invalid', 'superseded'])
  check('the second one holds', (await verdict(second))[0], 'valid')

  const revoked = await awarder.post(`${award}/revoke`, { reason: 'Given by mistake.' })
  check('revoked, with a reason', revoked.status, 200)
  check('whoever verifies it is told', await verdict(second), ['invalid', 'revoked'])
  const mailed = await operator.mailed(at('learner'), /ingetrokken|revoked/)
  check('its earner is told', mailed.length > 0, true)
  const wrong = await awarder.change(
    'POST',
    `${award}/correct`,
    { changes: { narrative: 'Y' }, reason: 'Y' },
    award,
  )
  check(
    'what is revoked is not corrected; what is possible is said',
    [wrong.status, wrong.body.code],
    [409, 'award-state'],
  )
  const reinstated = await awarder.post(`${award}/reinstate`, { reason: 'It was no mistake.' })
  check('reinstated, by a third edition', reinstated.status, 200)
  await edition(3)
  check('which holds', (await verdict(await document()))[0], 'valid')

  const validUntil = new Date(Date.now() + 8_000).toISOString()
  const why = { reason: 'It was for a trial only.' }
  await awarder.change('POST', `${award}/correct`, { changes: { validUntil }, ...why }, award)
  await edition(4)
  const short = await document()
  const over = await until(
    async () => ((await awarder.get(award)).body.state === 'expired' ? true : undefined),
    'the badge is over',
  )
  check('a badge that has an end is over by itself', over, true)
  check('whoever verifies it is told that it was, and not that it was revoked', await verdict(short), [
    'invalid',
    'expired',
  ])
  const renewed = await awarder.post(`${award}/renew`, { reason: 'Passed the refresher course.' })
  check(
    'renewed by hand: a new award, which names the one before',
    [renewed.status, renewed.body.renews],
    [201, awardId],
  )
  const twice = await awarder.post(`${award}/renew`, { reason: 'Once more.' })
  check('once', [twice.status, twice.body.code], [409, 'award-renewed'])
  const fresh = await until(async () => {
    const { body } = await awarder.get(`/v1/awards/${renewed.body.id}`)
    return body.state === 'issued' ? body.credentialId : undefined
  }, 'the renewal is signed')
  const seen = await awarder.get(`/v1/credentials/${fresh}`)
  check(
    'its badge is another one, and holds',
    [fresh === credentialId, (await verdict(seen.body.document))[0]],
    [false, 'valid'],
  )
}
