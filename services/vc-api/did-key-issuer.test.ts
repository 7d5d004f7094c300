import { expect, test } from 'vitest'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyIssuerKeys } from '#adapters/keys/did-key-issuer-keys.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { createDidKeyIssuer } from './did-key-issuer.ts'

test('anybody may ask for purposes of their own, and only so many are kept', () => {
  const keys = didKeyIssuerKeys(new Uint8Array(32))
  const issuer = createDidKeyIssuer({
    keys,
    suite: createCredentialSuite(),
    random: createSystemRandom(),
    clock: { now: () => asInstant(0) },
    origin: 'https://badges.example.org',
  })
  const [key] = keys
  if (key === undefined) throw new Error('There is no key.')
  const allocate = (purpose: string) => issuer.allocate(key, [{ purpose, said: {} }])
  for (let n = 0; n < 16; n++) expect(allocate(`purpose-${n}`)).toHaveLength(1)
  expect(() => allocate('one-more')).toThrow(expect.objectContaining({ code: 'status-purpose-refused' }))
  // Those that are known go on.
  expect(allocate('purpose-3')[0]?.entry).toMatchObject({ statusPurpose: 'purpose-3' })
})
