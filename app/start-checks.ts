import { createServer } from 'node:net'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { KeyId } from '#engine/shared/ids.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import { startErrors } from './start-errors.ts'

const OLDEST_POSTGRES = 160_000

/** Makes sure that the server of DATABASE_URL answers, lets us in and is new enough. Throws StartError. */
export async function checkDatabase(url: string): Promise<void> {
  const host = hostOf(url)
  const version = await withClient(url, async (client) => {
    const { rows } = await client.query(
      "SELECT current_setting('server_version_num')::int AS number, version()",
    )
    return rows[0] as { number: number; version: string }
  }).catch((error: NodeJS.ErrnoException) => {
    // A class of five characters is PostgreSQL's own: it answered.
    const answered = /^(?:28|3D|42)[0-9A-Z]{3}$/.test(error.code ?? '')
    throw answered ? startErrors.databaseRefused(host, error) : startErrors.databaseUnreachable(host, error)
  })
  if (version.number < OLDEST_POSTGRES) {
    throw startErrors.databaseTooOld(
      host,
      `${Math.floor(version.number / 10_000)}.${version.number % 10_000}`,
    )
  }
}

/** Refuses to start under another origin than the one that issuers were made under. */
export function checkPublicUrl(configured: string, stored: readonly string[]): void {
  const other = stored.find((origin) => origin !== configured)
  if (other !== undefined) throw startErrors.publicUrlMismatch(configured, other)
}

/** Refuses to start on another chain than the one that holds the batches. */
export function checkChain(found: number, stored: readonly number[]): void {
  const other = stored.find((chainId) => chainId !== found)
  if (other !== undefined) throw startErrors.chainMismatch(found, other)
}

/** Refuses to start with another contract than the one that knows the issuers: it would let them anchor nothing. */
export function checkContract(configured: string | undefined, settled: string | undefined): void {
  if (configured === undefined || settled === undefined) return
  if (configured.toLowerCase() !== settled.toLowerCase())
    throw startErrors.contractMismatch(configured, settled)
}

/** Looks before anything is opened: a busy port is found out in no time, and nothing has been done yet. */
export async function checkPort(host: string, port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((settle, fail) => probe.once('error', fail).listen({ host, port }, settle))
  await new Promise((settle) => probe.close(settle))
}

/**
 * Makes sure that what is sealed in the database opens: with another master key every issuing would fail, one by one.
 * Throws StartError.
 */
export async function checkMasterKey(databaseUrl: string, masterKey: Uint8Array): Promise<void> {
  const sealed = await withClient(databaseUrl, async (client) => {
    await client.query('BEGIN; SET LOCAL ROLE waarmerk_worker')
    const { rows } = await client.query('SELECT id, sealed_secret FROM issuer_key ORDER BY id DESC LIMIT 1')
    await client.query('COMMIT')
    return rows[0] as { id: KeyId; sealed_secret: Uint8Array } | undefined
  })
  if (sealed === undefined) return
  try {
    createSecretBox([masterKey]).open(sealed.sealed_secret, issuerKeySecret(sealed.id))
  } catch (error) {
    throw startErrors.otherMasterKey(error)
  }
}

export function hostOf(url: string): string {
  return URL.parse(url)?.host || 'the address given'
}
