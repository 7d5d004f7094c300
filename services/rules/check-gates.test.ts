import { expect, test } from 'vitest'
import { fourEyesFaults } from './check-gates.ts'

const gate = { approval: { right: 'award', quorum: 1, fourEyes: true } } as const

test('four eyes need somebody who may approve and neither writes the rule nor brings it into force', () => {
  const codes = (approvers: readonly string[], hands: readonly string[]) =>
    fourEyesFaults({ gate }, new Set(approvers), hands).map(({ code, path }) => [code, path])
  const refused = [['rule-quorum-impossible', '/gate/approval/fourEyes']]
  expect(codes(['account:1'], ['account:1'])).toEqual(refused)
  expect(codes(['account:1', 'account:2'], ['account:2', 'account:1'])).toEqual(refused)
  expect(codes([], ['account:1'])).toEqual(refused)
  expect(codes(['account:1', 'account:2'], ['account:1'])).toEqual([])
  const withoutFourEyes = { gate: { approval: { right: 'award', quorum: 1 } } } as const
  expect(fourEyesFaults(withoutFourEyes, new Set(), [])).toEqual([])
})
