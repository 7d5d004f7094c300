import { until } from '../product-client.ts'
import { bar, createProgress } from '../progress.ts'
import type { Badge } from './design-badge.ts'
import type { School, Stage } from './stage.ts'

const ROWS = 200
const DAY_MS = 86_400_000

/** Rows of a class list, of which seven are wrong, each in a way in which lists are wrong. */
function classList(at: (name: string) => string): string {
  const rows = Array.from({ length: ROWS }, (_, n) => [at(`pupil${n + 1}`), 'Took part to the end.'])
  const wrong: readonly (readonly [row: number, identifier: string])[] = [
    [10, 'no address'],
    [30, 'pupil31@'],
    [50, ''],
    [70, at('pupil70')],
    [90, at('PUPIL70')],
    [120, 'eppn:nobody'],
    [199, 'did:'],
  ]
  for (const [row, identifier] of wrong) rows[row] = [identifier, 'X']
  return ['identifier,narrative', ...rows.map((row) => row.join(','))].join('\n')
}

/** Journey: a class list with mistakes is looked at, awarded on a day to come, and people are reminded. */
export async function awardByCsv({ operator, checks }: Stage, school: School, badge: Badge): Promise<void> {
  const { check, note } = checks
  checks.journey('200 direct awards by CSV of which 7 are wrong, scheduled, with reminders')
  const { awarder, viewer, at } = school
  const csv = classList(at)
  // Late enough for the list to be read before it.
  const opening = new Date(Date.now() + 15_000).toISOString()
  const query = `achievementId=${badge.id}&name=Class&scheduledAt=${opening}&reminderDays=42,62&expiryDays=82`

  const preview = await awarder.send('POST', `/v1/direct-award-bundles/preview?${query}`, csv)
  check('a preview says what is wrong, row by row', [preview.status, preview.body.refused], [200, 7])
  for (const { row, faults } of preview.body.rows ?? [])
    for (const { column, message } of faults) note(`row ${row}, ${column}: ${message}`)
  const refused = await viewer.send('POST', `/v1/direct-award-bundles?${query}`, csv)
  check('who may only read awards nothing', [refused.status, refused.body.parameters?.right], [403, 'award'])

  const started = await awarder.send('POST', `/v1/direct-award-bundles?${query}`, csv)
  check('the list is taken', started.status, 202)
  const progress = createProgress(process.stdout)
  const bundle = () => awarder.get(`/v1/direct-award-bundles/${started.body.id}`)
  const done = await until(async () => {
    const { body } = await bundle()
    progress.show(`    ${bar(body.awarded + body.refused, body.total)}`)
    return body.state === 'done' ? body : undefined
  }, 'the list is worked through')
  progress.end()
  check('the good rows are not held up by the bad ones', [done.awarded, done.refused], [193, 7])
  check('nobody is told before the day', await operator.mailCount(at('pupil1')), 0)
  check('they wait for the day', done.directAwards.scheduled, 193)
  await until(
    async () => ((await bundle()).body.directAwards.unaccepted === 193 ? true : undefined),
    'the day',
  )
  check('on the day everybody is told', await until(mailsOf(1), 'a mail'), 1)

  const again = await awarder.post('/v1/direct-awards', { achievementId: badge.id, identifier: at('pupil2') })
  check('the same badge is on offer once', [again.status, again.body.code], [409, 'direct-award-open'])

  note('42, 62 and 82 days are not waited for: the offer to pupil1 is moved that far into the past.')
  const pass = (days: number) =>
    operator.ask(
      `UPDATE direct_award SET sent_at = sent_at - $2::interval, expires_at = expires_at - $2::interval,
         next_at = next_at - $2::interval WHERE identifier = $1`,
      [at('pupil1'), `${(days * DAY_MS) / 1000} seconds`],
    )
  await pass(42)
  check('after 42 days they are reminded', await until(mailsOf(2), 'the first reminder'), 2)
  await pass(20)
  check('after 62 days once more', await until(mailsOf(3), 'the second reminder'), 3)
  await pass(20)
  const expired = await until(async () => {
    const { items } = (await awarder.get('/v1/direct-awards?state=expired')).body
    return items.length > 0 ? items.length : undefined
  }, 'the offer is over')
  check('after 82 days the offer is over', expired, 1)
  const statistics = (await awarder.get('/v1/direct-awards/statistics')).body
  check(
    'the numbers add up: claimed, rejected, revoked, expired, deleted and open are all that was sent',
    statistics.claimed +
      statistics.rejected +
      statistics.revoked +
      statistics.expired +
      statistics.deleted +
      statistics.unaccepted,
    statistics.sent,
  )

  function mailsOf(count: number) {
    return async () => {
      const mails = await operator.mailCount(at('pupil1'))
      return mails >= count ? mails : undefined
    }
  }
}
