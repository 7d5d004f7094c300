import { defineError } from './define-error.ts'

/** Why a guarded fetch did not go out. */
export type FetchRefusal = 'malformed' | 'scheme' | 'userinfo' | 'address' | 'unresolvable'
/** Why nothing usable came back. */
export type FetchFailure = 'timeout' | 'too-large' | 'redirect' | 'encoding' | 'connection'

const REFUSALS: Readonly<Record<FetchRefusal, string>> = {
  malformed: 'it is not a URL',
  scheme: 'only https is fetched',
  userinfo: 'it holds a user name or a password',
  address: 'it does not lead to a public address',
  unresolvable: 'its host name has no address',
}

const FAILURES: Readonly<Record<FetchFailure, string>> = {
  timeout: 'it took too long',
  'too-large': 'the answer is too large',
  redirect: 'it redirects elsewhere, and redirects are not followed',
  encoding: 'the answer is compressed although that was not asked for',
  connection: 'the connection failed',
}

/** What the machinery around the domain refuses with. */
export const platformErrors = {
  fetchRefused: defineError<{ host: string; reason: FetchRefusal }>(
    'fetch-refused',
    422,
    false,
    'A URL in a document leads where this server does not go: `reason` says why. Only https to public addresses is fetched.',
    ({ host, reason }) => `Nothing is fetched from ${host || 'this URL'}: ${REFUSALS[reason]}.`,
  ),
  fetchFailed: defineError<{ host: string; reason: FetchFailure }>(
    'fetch-failed',
    502,
    true,
    'Another server gave no usable answer: `reason` says why. Answers may take 5 seconds and have 1 MB; redirects are not followed.',
    ({ host, reason }) => `${host} gave no usable answer: ${FAILURES[reason]}.`,
  ),
  secretUnreadable: defineError<{ keyId: string; reason: 'other-master-key' | 'changed' | 'unknown-format' }>(
    'secret-unreadable',
    500,
    false,
    'A stored secret does not open. `other-master-key`: start with the master key under which it was stored. `changed`: the row was altered or moved; restore it from a backup.',
    ({ keyId, reason }) => `The stored secret ${keyId} cannot be read (${reason}).`,
  ),
} as const
