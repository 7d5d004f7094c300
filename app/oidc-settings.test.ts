import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { readProviders } from './oidc-settings.ts'
import { StartError } from './start-errors.ts'

const provider = {
  id: 'school',
  name: 'School',
  issuer: 'https://idp.example.org',
  clientId: 'waarmerk',
  clientSecret: 'never repeated',
}

function refusal(...providers: readonly object[]): string {
  try {
    readProviders('OIDC_PROVIDERS', JSON.stringify(providers))
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  return 'accepted'
}

test('little is enough: the subject and the verified address prove who somebody is', () => {
  expect(readProviders('X', JSON.stringify([provider]))).toEqual([
    {
      ...provider,
      clientAuth: 'basic',
      scopes: ['openid', 'email'],
      proves: [
        { as: 'account', claim: 'sub', homePage: 'https://idp.example.org' },
        { as: 'email', claim: 'email' },
      ],
      requires: [],
      acrValues: [],
      returnsAfterSignOut: false,
      clockToleranceS: 30,
    },
  ])
})

test('a secret may lie in a file of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-oidc-'))
  try {
    const file = join(folder, 'secret')
    await writeFile(file, 'from a file\n')
    const { clientSecret: _, ...rest } = provider
    const [read] = readProviders('X', JSON.stringify([{ ...rest, clientSecretFile: file }]))
    expect(read?.clientSecret).toBe('from a file')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what is wrong is named, and no secret is repeated', () => {
  const wrong: readonly [object, RegExp][] = [
    [{ issuer: 'http://idp.example.org' }, /OIDC_PROVIDERS\.0\.issuer must be an https/],
    [{ issuer: 'https://idp.example.org/?x' }, /issuer/],
    [{ id: 'School' }, /\.0\.id must be/],
    [{ scopes: ['email'] }, /scopes must hold openid/],
    [{ prompt: 'none' }, /prompt/],
    [{ unknown: true }, /unknown/i],
    [{ clientSecretFile: '/nowhere' }, /exclude each other/],
    [{ clientSecret: undefined, clientSecretFile: '/nowhere' }, /school\.clientSecretFile names a file that/],
    [
      {
        proves: [
          { as: 'account', claim: 'sub' },
          { as: 'account', claim: 'eduid' },
        ],
      },
      /homePage each/,
    ],
  ]
  for (const [over, expected] of wrong) {
    expect(refusal({ ...provider, ...over })).toMatch(expected)
    expect(refusal({ ...provider, ...over })).not.toContain('never repeated')
  }
  expect(refusal(provider, provider)).toMatch(/once/)
  expect(refusal({ ...provider, issuer: 'http://localhost:3001' })).toBe('accepted')
  expect(() => readProviders('X', '{"half":')).toThrow(/X must be JSON/)
})

test('the list stands in one place', () => {
  expect(() => readConfig({ OIDC_PROVIDERS: '[]', OIDC_PROVIDERS_FILE: '/x' })).toThrow(/exclude each other/)
})
