import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { StartError } from './start-errors.ts'

const KEY = 'ab'.repeat(32)

function refusal(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  return 'accepted'
}

test('without any setting the product runs on this machine alone', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: 3000,
    PUBLIC_URL: 'http://localhost:3000',
    DATA_DIR: resolve('data'),
    BATCH_MAX_LEAVES: 4096,
    BATCH_MAX_AGE_S: 5,
    CHAIN_CONFIRMATIONS: 0,
    LOG_LEVEL: 'info',
    TRUST_PROXY: [],
    FETCH_LOCALHOST: true,
  })
  expect(config).not.toHaveProperty('DATABASE_URL')
  expect(Object.isFrozen(config)).toBe(true)
})

test('an empty setting counts as none', () => {
  expect(readConfig({ PORT: '', REDIS_URL: '', PUBLIC_URL: '' })).toEqual(readConfig({}))
})

test('RPC_URL takes several endpoints, with commas, spaces or both between', () => {
  const both = ['https://a.example/key', 'http://b.example:8545']
  for (const text of [both.join(','), both.join(' '), ` ${both.join(' ,\n')} `])
    expect(readConfig({ RPC_URL: text, RELAYER_KEY: KEY }).RPC_URL).toEqual(both)
})

test('the public origin follows the port', () => {
  expect(readConfig({ PORT: '4000' }).PUBLIC_URL).toBe('http://localhost:4000')
})

test('a production with its own servers is accepted', () => {
  const config = readConfig({
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://badges.example.org',
    DATABASE_URL: 'postgresql://app:secret@db.example/app',
    REDIS_URL: 'rediss://cache.example',
    RPC_URL: 'https://rpc.example/v1',
    CHAIN_CONTRACT: `0x${'1'.repeat(40)}`,
    RELAYER_KEY: `0x${KEY}`,
    MASTER_KEY_FILE: '/etc/waarmerk/master.key',
    SMTP_URL: 'smtps://mail.example',
    TRUST_PROXY: '10.0.0.0/8, loopback',
  })
  expect(config).toMatchObject({
    BATCH_MAX_AGE_S: 60,
    CHAIN_CONFIRMATIONS: 0,
    MAIL_FROM: 'no-reply@badges.example.org',
    TRUST_PROXY: ['10.0.0.0/8', 'loopback'],
    FETCH_LOCALHOST: false,
  })
})

test.each<[string, string]>([
  ['PORT', 'abc'],
  ['PORT', '0'],
  ['PORT', '65536'],
  ['PORT', '3e3'],
  ['PORT', '-1'],
  ['PORT', ' 80'],
  ['HOST', 'a host'],
  ['PUBLIC_URL', 'badges.example.org'],
  ['PUBLIC_URL', 'https://badges.example.org/'],
  ['PUBLIC_URL', 'https://badges.example.org/path'],
  ['PUBLIC_URL', 'http://badges.example.org'],
  ['PUBLIC_URL', 'https://192.0.2.1'],
  ['PUBLIC_URL', 'https://user@badges.example.org'],
  ['DATABASE_URL', 'mysql://db.example'],
  ['DATABASE_URL', 'db.example'],
  ['REDIS_URL', 'http://cache.example'],
  ['RPC_URL', 'ws://rpc.example'],
  ['RPC_URL', 'https://rpc.example, ftp://rpc.example'],
  ['RPC_URL', 'https://rpc.example https://rpc.example'],
  ['CHAIN_MAX_FEE_GWEI', '0'],
  ['MASTER_KEY_CIPHERTEXT', 'not base64'],
  ['RELAYER_KMS_KEY', 'a key'],
  ['KMS_ENDPOINT', 'kms.example'],
  ['CHAIN_CONTRACT', '0x12'],
  ['RELAYER_KEY', KEY.slice(2)],
  ['MASTER_KEY', 'z'.repeat(64)],
  ['SMTP_URL', 'https://mail.example'],
  ['MAIL_FROM', 'nobody'],
  ['MAIL_FROM', 'a@example.org, b@example.org'],
  ['LOG_LEVEL', 'loud'],
  ['NODE_ENV', 'prod'],
  ['BATCH_MAX_LEAVES', '4097'],
  ['BATCH_MAX_AGE_S', '0'],
  ['SWEEP_INTERVAL_MS', '1'],
  ['TRUST_PROXY', 'everybody'],
  ['FETCH_LOCALHOST', 'yes'],
  ['VC_API_DID_KEY_ISSUER', '1'],
  ['METRICS_TOKEN', 'short'],
])('%s=%s stops the start with its name', (name, value) => {
  expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name} `))
})

test('every fault is named at once', () => {
  const sentence = refusal({ PORT: 'abc', REDIS_URL: 'nowhere', LOG_LEVEL: 'loud' })
  for (const name of ['PORT', 'REDIS_URL', 'LOG_LEVEL']) expect(sentence).toContain(name)
})

test('a secret that is refused is not repeated', () => {
  const env = {
    RELAYER_KEY: 'hunter2',
    MASTER_KEY: 'hunter2',
    DATABASE_URL: 'mysql://a:hunter2@db',
    METRICS_TOKEN: 'hunter2',
  }
  expect(refusal(env)).not.toContain('hunter2')
})

test.each<[string, NodeJS.ProcessEnv]>([
  ['MASTER_KEY and MASTER_KEY_FILE', { MASTER_KEY: KEY, MASTER_KEY_FILE: 'master.key' }],
  ['RELAYER_KEY and RELAYER_KEY_FILE', { RELAYER_KEY: KEY, RELAYER_KEY_FILE: 'relayer.key' }],
  ['RELAYER_KEY and RELAYER_KMS_KEY', { RELAYER_KEY: KEY, RELAYER_KMS_KEY: 'alias/relayer' }],
  ['RELAYER_KEY_PASSPHRASE', { RELAYER_KEY_PASSPHRASE: 'open sesame' }],
  ['KMS_REGION', { KMS_REGION: 'eu-central-1' }],
  ['RPC_URL', { RPC_URL: 'https://rpc.example' }],
  ['CHAIN_CONTRACT', { CHAIN_CONTRACT: `0x${'1'.repeat(40)}` }],
  ['MASTER_KEY', { NODE_ENV: 'production' }],
  ['CRASH_AT', { NODE_ENV: 'production', MASTER_KEY: KEY, CRASH_AT: 'issue.before-store' }],
  ['VC_API_DID_KEY_ISSUER', { NODE_ENV: 'production', MASTER_KEY: KEY, VC_API_DID_KEY_ISSUER: 'true' }],
  ['REMOTE_MAP', { NODE_ENV: 'production', MASTER_KEY: KEY, REMOTE_MAP: 'map.json' }],
  ['REMOTE_MAP', { PUBLIC_URL: 'https://badges.example.org', REMOTE_MAP: 'map.json' }],
  ['FETCH_LOCALHOST', { NODE_ENV: 'production', MASTER_KEY: KEY, FETCH_LOCALHOST: 'true' }],
])('settings that contradict each other stop the start: %s', (name, env) => {
  expect(refusal(env)).toMatch(new RegExp(`^${name}[ ,]`))
})

test('issuers that are known, and the lists that say so, are read as they stand in ids', () => {
  const { TRUSTED_ISSUERS, TRUST_LISTS, TRUST_LIST_KEYS } = readConfig({
    TRUSTED_ISSUERS: `Badges.Example.ORG, did:web:a.example:issuers:b 0x${'AB'.repeat(20)}`,
    TRUST_LISTS: '/etc/waarmerk/schools.json',
    TRUST_LIST_KEYS: 'did:web:council.example.org',
  })
  expect(TRUSTED_ISSUERS).toEqual([
    'badges.example.org',
    'did:web:a.example:issuers:b',
    `0x${'ab'.repeat(20)}`,
  ])
  expect(TRUST_LISTS).toEqual(['/etc/waarmerk/schools.json'])
  expect(TRUST_LIST_KEYS).toEqual(['did:web:council.example.org'])
  expect(refusal({ TRUSTED_ISSUERS: 'localhost:3000' })).toContain('TRUSTED_ISSUERS')
  expect(refusal({ TRUST_LIST_KEYS: 'council' })).toContain('TRUST_LIST_KEYS')
  expect(refusal({ TRUST_LISTS: '/etc/waarmerk/schools.json' })).toContain(
    'TRUST_LISTS needs TRUST_LIST_KEYS',
  )
})
