import { expect, test } from 'vitest'
import { judgeBounce } from './bounce.ts'

test('only what says that the address is none makes it undeliverable', () => {
  const verdicts = [
    ['failed', '5.1.1', 'undeliverable'],
    ['failed', '5.1.10', 'undeliverable'],
    ['failed', '5.2.1', 'undeliverable'],
    // A full mailbox, a policy, something unreadable.
    ['failed', '5.2.2', 'failed'],
    ['failed', '5.7.1', 'failed'],
    ['failed', '4.4.7', 'failed'],
    ['failed', 'nonsense', 'failed'],
    ['delayed', '5.1.1', 'nothing'],
    ['delivered', '2.0.0', 'nothing'],
  ]
  for (const [action = '', status = '', verdict] of verdicts)
    expect([action, status, judgeBounce({ action, status })]).toEqual([action, status, verdict])
})
