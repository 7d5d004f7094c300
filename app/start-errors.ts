import { KeyFileError, type KeyFileFault } from '#adapters/keys/key-file.ts'
import { KmsError, type KmsFault } from '#adapters/keys/kms.ts'
import { MigrationError } from '#adapters/postgres/apply-migrations.ts'
import { EmbeddedPostgresError, type EmbeddedPostgresFault } from '#adapters/postgres/embedded-errors.ts'
import { QueueError } from '#adapters/queue/queue-errors.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'

/** With which code the process ends, as sysexits.h has them. */
export const EXIT = {
  /** Something in the data folder is damaged. */
  data: 65,
  /** Something that we need does not answer. */
  unavailable: 69,
  unknown: 70,
  /** Something cannot be written. */
  notWritable: 73,
  /** In use by another process: the same start may work later. */
  busy: 75,
  /** A setting is wrong. */
  settings: 78,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Why the product does not start, in one sentence for the person who started it. Holds no password. */
export class StartError extends Error {
  readonly exitCode: ExitCode

  constructor(sentence: string, exitCode: ExitCode, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause })
    this.name = 'StartError'
    this.exitCode = exitCode
  }
}

/** The reasons that we know, each worded once. */
export const startErrors = {
  settings: (faults: readonly string[]) => new StartError(`${faults.join('; ')}.`, EXIT.settings),
  busyPort: (host: string, port: number, cause?: unknown) =>
    new StartError(
      `Port ${port} on ${host} is in use by another program: stop it, or set PORT to a free one.`,
      EXIT.busy,
      cause,
    ),
  forbiddenPort: (host: string, port: number, cause?: unknown) =>
    new StartError(
      `Listening on ${host}, port ${port}, is not allowed to this user: set PORT above 1023, or HOST to an address of this machine.`,
      EXIT.settings,
      cause,
    ),
  folderInUse: (path: string, pid?: number) =>
    new StartError(
      `The data folder ${path} is in use by another start${pid === undefined ? '' : ` (process ${pid})`}: stop that one, or set DATA_DIR to another folder.`,
      EXIT.busy,
    ),
  folderNotWritable: (path: string, cause?: unknown) =>
    new StartError(
      `The data folder ${path} cannot be written: give this user the right to, or set DATA_DIR to another folder.`,
      EXIT.notWritable,
      cause,
    ),
  notAFolder: (path: string, cause?: unknown) =>
    new StartError(`DATA_DIR ${path} is not a folder.`, EXIT.settings, cause),
  folderDamaged: (path: string, cause?: unknown) =>
    new StartError(
      `The data folder ${path} is damaged: restore it from a backup, or set DATA_DIR to an empty folder.`,
      EXIT.data,
      cause,
    ),
  folderTooNew: (path: string, format: number) =>
    new StartError(
      `The data folder ${path} was written by a newer version (format ${format}): start that version, or set DATA_DIR to another folder.`,
      EXIT.data,
    ),
  logNotWritable: (file: string, cause?: unknown) =>
    new StartError(
      `The log ${file} cannot be written: give this user the right to, or move away what is there.`,
      EXIT.notWritable,
      cause,
    ),
  otherMasterKey: (cause?: unknown) =>
    new StartError(
      'The master key is not the one that the secrets in the database were sealed under: restore that one from a backup.',
      EXIT.settings,
      cause,
    ),
  databaseUnreachable: (host: string, cause?: unknown) =>
    new StartError(`The PostgreSQL of DATABASE_URL at ${host} does not answer.`, EXIT.unavailable, cause),
  databaseRefused: (host: string, cause?: unknown) =>
    new StartError(
      `The PostgreSQL of DATABASE_URL at ${host} refuses its user, its password or its database.`,
      EXIT.settings,
      cause,
    ),
  databaseTooOld: (host: string, version: string) =>
    new StartError(
      `The PostgreSQL of DATABASE_URL at ${host} is version ${version}, and 16 is the oldest that will do.`,
      EXIT.settings,
    ),
  migrationFailed: (name: string, cause?: unknown) =>
    new StartError(
      `The database could not be brought up to date: the migration ${name} failed, now or at an earlier start.`,
      EXIT.data,
      cause,
    ),
  rpcUnreachable: (hosts: readonly string[], cause?: unknown) =>
    new StartError(`The chain of RPC_URL at ${hosts.join(', ')} does not answer.`, EXIT.unavailable, cause),
  endpointsDiffer: (what: string, said: readonly (readonly [string, string])[]) =>
    new StartError(
      `The endpoints of RPC_URL differ about ${what}: ${said.map(([name, word]) => `${name} says ${word}`).join(', ')}.`,
      EXIT.settings,
    ),
  noFinality: (host: string, cause?: unknown) =>
    new StartError(
      `The chain of RPC_URL at ${host} names no finalised block: set CHAIN_CONFIRMATIONS to the number of blocks after which a batch is final.`,
      EXIT.settings,
      cause,
    ),
  chainMismatch: (found: number, stored: number) =>
    new StartError(
      `The chain here is ${found}, but batches of this installation are on chain ${stored}, and their receipts name it for ever: set RPC_URL to that chain.`,
      EXIT.settings,
    ),
  contractMismatch: (configured: string, settled: string) =>
    new StartError(
      `CHAIN_CONTRACT is ${configured}, but the issuers here are registered with ${settled}, and their receipts name it for ever: leave CHAIN_CONTRACT out, or set it to that.`,
      EXIT.settings,
    ),
  aloneNeeds: (command: string, missing: readonly string[]) =>
    new StartError(`${command} runs beside other processes and needs ${missing.join(', ')}.`, EXIT.settings),
  publicUrlMismatch: (configured: string, stored: string) =>
    new StartError(
      `PUBLIC_URL is ${configured}, but the issuers here were made under ${stored}, and their badges name it for ever: set PUBLIC_URL to that.`,
      EXIT.settings,
    ),
} as const

/**
 * Finds the sentence for whatever stopped the start. An error that we do not know keeps its message;
 * the log has the rest.
 */
export function explainStartError(error: unknown): StartError {
  if (error instanceof StartError) return error
  if (error instanceof EmbeddedPostgresError) return explainEmbedded(error)
  if (error instanceof QueueError) return explainQueue(error)
  if (error instanceof KeyFileError) return explainKeyFile(error)
  if (error instanceof KmsError) return explainKms(error)
  if (error instanceof MigrationError) return startErrors.migrationFailed(error.migration, error)
  return explainKnown(error) ?? explainListen(error) ?? unknown(error)
}

/** Errors of the catalogue that a start can meet; their own sentence is one for users, too. */
const EXIT_OF: Readonly<Record<string, ExitCode>> = {
  [errors.journalDamaged.code]: EXIT.data,
  [errors.journalUnwritable.code]: EXIT.notWritable,
  [errors.chainMismatch.code]: EXIT.settings,
  [errors.contractMissing.code]: EXIT.settings,
  [errors.contractMismatch.code]: EXIT.settings,
  [errors.chainUnavailable.code]: EXIT.unavailable,
  [errors.databaseUnavailable.code]: EXIT.unavailable,
}

function explainKnown(error: unknown): StartError | undefined {
  const exitCode = error instanceof WaarmerkError ? EXIT_OF[error.code] : undefined
  return exitCode === undefined ? undefined : new StartError((error as Error).message, exitCode, error)
}

function explainEmbedded(error: EmbeddedPostgresError): StartError {
  const { fault, directory } = error
  const sentences: Readonly<Record<EmbeddedPostgresFault, readonly [string, ExitCode]>> = {
    'no-binary': [
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: set DATABASE_URL to a server of your own.`,
      EXIT.settings,
    ],
    'no-identity': [error.message, EXIT.settings],
    damaged: [
      `The database in ${directory} is damaged: restore the data folder from a backup, or set DATA_DIR to an empty folder.`,
      EXIT.data,
    ],
    'foreign-owner': [
      `The database in ${directory} belongs to another user of this machine: start as that user, or set DATA_DIR to another folder.`,
      EXIT.notWritable,
    ],
    'other-version': [`${error.message.replace(/\.$/, '')}: start the version that made it.`, EXIT.data],
    'left-over': [`${error.message.replace(/\.$/, '')}: end it and start again.`, EXIT.busy],
    'not-writable': [
      `The data folder of ${directory} cannot be written: give this user the right to, or set DATA_DIR to another folder.`,
      EXIT.notWritable,
    ],
    failed: [
      `The embedded PostgreSQL in ${directory} did not start: ${lastLogLine(error)}`,
      EXIT.unavailable,
    ],
  }
  const [sentence, exitCode] = sentences[fault]
  return new StartError(sentence, exitCode, error)
}

function lastLogLine(error: EmbeddedPostgresError): string {
  const lines = String(error.cause ?? '').split('\n')
  const telling = lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1) ?? ''
  const said = telling.replace(/^.*?(?:FATAL|PANIC|ERROR|error):\s*/, '').trim()
  return said === '' ? 'see its log beside the folder.' : `${said.replace(/\.$/, '')}.`
}

function explainQueue(error: QueueError): StartError {
  switch (error.fault) {
    case 'redis-unreachable':
      return new StartError(
        `The Redis of REDIS_URL at ${error.host} does not answer.`,
        EXIT.unavailable,
        error,
      )
    case 'redis-refused':
      return new StartError(
        `The Redis of REDIS_URL at ${error.host} refuses its user or its password.`,
        EXIT.settings,
        error,
      )
    case 'redis-eviction':
      return new StartError(
        `The Redis of REDIS_URL at ${error.host} drops keys when it is full (maxmemory-policy ${error.policy}): set its maxmemory-policy to noeviction.`,
        EXIT.settings,
        error,
      )
  }
}

function explainKeyFile({ fault, file, cause }: KeyFileError): StartError {
  const sentences: Readonly<Record<KeyFileFault, readonly [string, ExitCode]>> = {
    missing: [`There is no key file ${file}: put it there.`, EXIT.settings],
    unreadable: [`The key file ${file} cannot be read by this user.`, EXIT.settings],
    'open-to-others': [`The key file ${file} may be read by others: run chmod 600 on it.`, EXIT.settings],
    malformed: [
      `The key file ${file} does not hold 64 hexadecimal digits: restore it from a backup.`,
      EXIT.data,
    ],
    'not-writable': [`The key file ${file} cannot be written.`, EXIT.notWritable],
    locked: [
      `The key file ${file} is encrypted: set RELAYER_KEY_PASSPHRASE or RELAYER_KEY_PASSPHRASE_FILE.`,
      EXIT.settings,
    ],
    'wrong-passphrase': [`The passphrase does not open the key file ${file}.`, EXIT.settings],
    'damaged-keystore': [
      `The key file ${file} is a keystore that cannot be read: restore it from a backup.`,
      EXIT.data,
    ],
  }
  const [sentence, exitCode] = sentences[fault]
  return new StartError(sentence, exitCode, cause)
}

function explainKms({ fault, key, reason, cause }: KmsError): StartError {
  const sentences: Readonly<Record<KmsFault, readonly [string, ExitCode]>> = {
    unavailable: [
      `The key management service of the key ${key} does not answer as it should (${reason}).`,
      EXIT.unavailable,
    ],
    refused: [
      `The key management service does not let us use the key ${key} (${reason}): check credentials, region and rights.`,
      EXIT.settings,
    ],
    missing: [`The key management service knows no key ${key} (${reason}).`, EXIT.settings],
    disabled: [`The key ${key} in the key management service is disabled (${reason}).`, EXIT.settings],
    'wrong-kind': [
      `The key ${key} in the key management service is ${reason}, and has to be ECC_SECG_P256K1 for SIGN_VERIFY.`,
      EXIT.settings,
    ],
    malformed: [`The key management service makes no sense of the key ${key} (${reason}).`, EXIT.settings],
  }
  const [sentence, exitCode] = sentences[fault]
  return new StartError(sentence, exitCode, cause)
}

function explainListen(error: unknown): StartError | undefined {
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
  }
  if (syscall !== 'listen' || port === undefined) return undefined
  if (code === 'EADDRINUSE') return startErrors.busyPort(address ?? 'this machine', port, error)
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return startErrors.forbiddenPort(address ?? 'this machine', port, error)
  }
  return undefined
}

function unknown(error: unknown): StartError {
  const message = error instanceof Error ? error.message : String(error)
  const safe = message.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1').split('\n')[0]
  return new StartError(`The start failed: ${safe || 'no reason was given'}`, EXIT.unknown, error)
}
