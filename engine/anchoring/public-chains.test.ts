import { expect, test } from 'vitest'
import { isPublicChain } from './public-chains.ts'

test.each([1, 11_155_111, 17_000, 560_048, 8_453, 84_532, 10, 42_161, 137, 80_002, 100, 10_200])(
  'chain %i is public',
  (chainId) => expect(isPublicChain(chainId)).toBe(true),
)

test.each([0, 1337, 31_337, 31_338, 2 ** 40])(
  'chain %i may be anybody’s, so nobody takes it for independent',
  (chainId) => expect(isPublicChain(chainId)).toBe(false),
)
