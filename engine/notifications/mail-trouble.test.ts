import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { mailTrouble } from './mail-trouble.ts'

const AT = asInstant(1_000)

test.each([
  ['answer 550', { cause: 'refused', status: '550' }],
  ['returned (5.1.1)', { cause: 'returned', status: '5.1.1' }],
  ['returned ()', { cause: 'returned' }],
  ['address refused (550)', { cause: 'held', status: '550' }],
  ['address bounced (5.1.1)', { cause: 'held', status: '5.1.1' }],
  ['address refused', { cause: 'failed' }],
  ['connection failed (ECONNREFUSED)', { cause: 'failed' }],
  ['sign-in refused', { cause: 'failed' }],
])('what is kept as %s is told as it is', (reason, told) => {
  expect(mailTrouble(reason, AT)).toEqual({ ...told, at: AT })
  expect(mailTrouble(reason, undefined)).toEqual(told)
})
