import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { LOG_LEVELS } from '#adapters/log/pino-log.ts'
import { defaultHttpLimits, type HttpLimits } from '#api/http/http-limits.ts'
import { CRASH_POINTS } from '#services/ports/crash-points.ts'
import { readIssuerName } from '#services/verify/named-issuers.ts'
import { startErrors } from './start-errors.ts'

/** All bounds of the product that are not settings, in one table. */
export const LIMITS = {
  /** Bodies, rates and time-outs at the door. */
  http: { ...defaultHttpLimits, closeTimeoutMs: 6_000 },
  /** Events in one batch of `POST /v1/events`. */
  eventsPerBatch: 1_000,
  /** What is fetched from strangers. */
  fetch: { timeoutMs: 5_000, maxBytes: 1_000_000 },
  /** Files: evidence and images. */
  fileBytes: 10_000_000,
  /** Rows that one pass of a step claims. */
  rowsPerPass: 100,
  /** For everything to finish and to close at the end of the process. */
  closeMs: 9_500,
} as const satisfies { readonly http: HttpLimits } & Record<string, unknown>

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be a whole number from ${least} to ${most}`)

const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true')

const urlOf = (...schemes: readonly string[]) =>
  z.string().refine((text) => schemes.includes(URL.parse(text)?.protocol.replace(':', '') ?? ''), {
    error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  })

const secret32 = z.string().regex(/^(?:0x)?[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')

const words = z.string().transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))

const file = z.string().transform((path) => resolve(path.replace(/^~(?=\/)/, homedir())))

const Environment = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'must be development, production or test')
    .default('development'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),

  /** On which address of this machine the product listens. */
  HOST: z
    .string()
    .regex(/^[0-9a-zA-Z.:_-]+$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  PORT: wholeNumber(1, 65_535).default(3000),
  /** The origin that stands in badges and links for ever. Default: http://localhost:PORT. */
  PUBLIC_URL: z.string().optional(),
  /** Addresses or ranges of proxies whose X-Forwarded-For counts, with commas between. */
  TRUST_PROXY: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.every(isProxy), {
      error:
        'must be addresses or ranges (10.0.0.0/8), loopback, linklocal or uniquelocal, with commas between',
    })
    .default([]),
  /** Who may read /metrics from elsewhere. Without it this machine only. */
  METRICS_TOKEN: z.string().min(16, 'must have 16 characters or more').optional(),

  /** Where the database, the chain, the master key and the log of an installation without its own servers live. */
  DATA_DIR: file.default(resolve('data')),
  /** Without it a private PostgreSQL runs in DATA_DIR. */
  DATABASE_URL: urlOf('postgresql', 'postgres').optional(),
  /** Without it the queue lives in PostgreSQL. */
  REDIS_URL: urlOf('redis', 'rediss').optional(),
  /** Each step runs at least this often, whatever becomes of its wake-ups. */
  SWEEP_INTERVAL_MS: wholeNumber(100, 3_600_000).default(2_000),

  /** People a second that a backfill goes through at most, all workers together. 0: as fast as it can beside live events. */
  BACKFILL_SUBJECTS_PER_S: wholeNumber(0, 100_000).default(0),

  /** For how many days the link of an invitation to become a member works. */
  INVITATION_DAYS: wholeNumber(1, 365).default(14),

  /** 32 bytes in hexadecimal digits, or the file with them: secrets in the database are sealed under this key. */
  MASTER_KEY: secret32.optional(),
  MASTER_KEY_FILE: file.optional(),
  /** The master key as a key management service has encrypted it, in base64: it is decrypted there at start. */
  MASTER_KEY_CIPHERTEXT: z
    .string()
    .regex(/^[A-Za-z0-9+/]{16,8192}={0,2}$/, 'must be base64')
    .optional(),

  /** Endpoints of one chain, with commas or spaces between. Without it a chain of our own runs in this process. */
  RPC_URL: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((url) => url !== ''))
    .refine(
      (urls) => urls.length > 0 && urls.every((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? '')),
      {
        error: 'must be URLs that begin with https:// or http://, with commas or spaces between',
      },
    )
    .refine((urls) => new Set(urls).size === urls.length, { error: 'must not name an endpoint twice' })
    .optional(),
  /** Address of the contract; without it one is deployed on the embedded chain. */
  CHAIN_CONTRACT: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'must be 0x and 40 hexadecimal digits')
    .optional(),
  /** Secret key of the account that pays: 32 bytes in hexadecimal digits, or the file with them, or a keystore. */
  RELAYER_KEY: secret32.optional(),
  RELAYER_KEY_FILE: file.optional(),
  /** What opens the keystore of RELAYER_KEY_FILE, or the file with it. */
  RELAYER_KEY_PASSPHRASE: z.string().optional(),
  RELAYER_KEY_PASSPHRASE_FILE: file.optional(),
  /** Id, alias or ARN of the key that pays, in a key management service. */
  RELAYER_KMS_KEY: z
    .string()
    .regex(/^[a-zA-Z0-9/_:-]{1,2048}$/, 'must be the id, the alias or the ARN of a key')
    .optional(),
  /** Where the key management service is. Without them as the environment of AWS says. */
  KMS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be the name of a region')
    .optional(),
  KMS_ENDPOINT: urlOf('https', 'http').optional(),
  /** Blocks on top after which a batch is final, on a chain that names no finalised block. 0: ask the chain. */
  CHAIN_CONFIRMATIONS: wholeNumber(0, 10_000).default(0),
  /** The most that the relayer pays for a unit of gas, in gwei: what costs more waits. */
  CHAIN_MAX_FEE_GWEI: wholeNumber(1, 1_000_000).default(500),

  /** How many leaves make a full batch. A batch also closes at every multiple of BATCH_MAX_AGE_S. */
  BATCH_MAX_LEAVES: wholeNumber(1, 4_096).default(4_096),
  /** Default: 60, or 5 on the embedded chain. */
  BATCH_MAX_AGE_S: wholeNumber(1, 86_400).optional(),

  /** Without it mails stay unsent, for the owner to read in the console. */
  SMTP_URL: urlOf('smtp', 'smtps').optional(),
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>\r\n]{0,100}<)?[^\s<>@,;]+@[^\s<>@,;]+>?$/, 'must be an address, or a name and <address>')
    .optional(),

  /**
   * The Return-Path of each mail is MAIL_FROM with a signed token behind a `+`. False: MAIL_FROM alone, for a mailbox that takes
   * no such addresses.
   */
  MAIL_RETURN_TAGS: flag.optional(),

  /** Places to sign in by OpenID Connect: a JSON list, or the file with it. See docs/sign-in.md. */
  OIDC_PROVIDERS: z.string().optional(),
  OIDC_PROVIDERS_FILE: file.optional(),

  /** What applications that connect to a backpack tell people about this installation. Default: PUBLIC_URL. */
  TERMS_URL: urlOf('https', 'http').optional(),
  PRIVACY_URL: urlOf('https', 'http').optional(),
  /** Issuers that this installation knows besides its own: DIDs, domains, folders of them or numbers on chain, with commas or spaces between. */
  TRUSTED_ISSUERS: words
    .refine((names) => names.every((name) => readIssuerName(name) !== undefined), {
      error:
        'must be DIDs, domains without a port (with or without a folder) or numbers on chain (0x…), with commas or spaces between',
    })
    .transform((names) => names.map((name) => readIssuerName(name) ?? name))
    .default([]),
  /** Files with signed trust lists, with commas or spaces between; read again when they change. */
  TRUST_LISTS: words
    .transform((paths) => paths.map((path) => resolve(path.replace(/^~(?=\/)/, homedir()))))
    .default([]),
  /** DIDs of publishers, or single keys of them (DID#KEY), whose lists count. */
  TRUST_LIST_KEYS: words
    .refine((keys) => keys.every((key) => /^(?:did:[a-z0-9]+:|https:\/\/)\S+$/.test(key)), {
      error: 'must be DIDs, or single keys of them (DID#KEY), with commas or spaces between',
    })
    .default([]),
  /**
   * For conformance suites: an issuer by did:key that signs over VC-API for whoever asks. Refused in production.
   * See docs/vc-api.md.
   */
  VC_API_DID_KEY_ISSUER: flag.optional(),
  /** Documents of controllers that a verifier takes without asking their sites: a file with JSON, by id. */
  TRUSTED_CONTROLLERS_FILE: file.optional(),
  /** Digests of related resources beside those that are built in: a file with JSON, by address. */
  RELATED_RESOURCES_FILE: file.optional(),

  /** For development: documents may name http and https URLs of this machine. */
  FETCH_LOCALHOST: flag.optional(),
  /**
   * For conformance runs: what others publish (DID documents, status lists, contexts, schemas) comes from the files that this
   * map names, and nobody is asked.
   */
  REMOTE_MAP: file.optional(),
  /** For fault tests: the process kills itself at the point of this name. */
  CRASH_AT: z.enum(CRASH_POINTS, `must be one of ${CRASH_POINTS.join(', ')}`).optional(),
})

type Settings = z.output<typeof Environment>

type Derived = 'PUBLIC_URL' | 'BATCH_MAX_AGE_S' | 'MAIL_FROM' | 'MAIL_RETURN_TAGS' | 'FETCH_LOCALHOST'

/** The settings with every default filled in. Optional is only what may be left out for good. */
export type Config = Readonly<Omit<Settings, Derived>> & {
  readonly [name in Derived]: NonNullable<Settings[name]>
} & { readonly limits: typeof LIMITS }

/**
 * Reads the whole configuration once, at start. No other file reads process.env. An empty value counts as none.
 * Throws StartError with every fault, each with the setting's name; values of secrets are never repeated.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    throw startErrors.settings(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`))
  }
  const config = fillIn(parsed.data)
  const faults = contradictions(config)
  if (faults.length > 0) throw startErrors.settings(faults)
  return Object.freeze(config)
}

function fillIn(settings: Settings): Config {
  const publicUrl = settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`
  const isEmbeddedChain = settings.RPC_URL === undefined
  const host = URL.parse(publicUrl)?.hostname ?? 'localhost'
  return {
    ...settings,
    PUBLIC_URL: publicUrl,
    BATCH_MAX_AGE_S: settings.BATCH_MAX_AGE_S ?? (isEmbeddedChain ? 5 : 60),
    MAIL_FROM: settings.MAIL_FROM ?? `no-reply@${host}`,
    MAIL_RETURN_TAGS: settings.MAIL_RETURN_TAGS ?? true,
    FETCH_LOCALHOST: settings.FETCH_LOCALHOST ?? (settings.NODE_ENV !== 'production' && isLocal(host)),
    limits: LIMITS,
  }
}

/** What no setting can see alone. */
function contradictions(config: Config): string[] {
  const isProduction = config.NODE_ENV === 'production'
  const rules: readonly (readonly [boolean, string])[] = [
    ...excluding(config, MASTER_KEY_SETTINGS),
    ...excluding(config, RELAYER_KEY_SETTINGS),
    ...excluding(config, ['RELAYER_KEY_PASSPHRASE', 'RELAYER_KEY_PASSPHRASE_FILE']),
    [
      (config.RELAYER_KEY_PASSPHRASE ?? config.RELAYER_KEY_PASSPHRASE_FILE) !== undefined &&
        config.RELAYER_KEY_FILE === undefined,
      'RELAYER_KEY_PASSPHRASE needs RELAYER_KEY_FILE, the keystore that it opens',
    ],
    [
      (config.KMS_REGION ?? config.KMS_ENDPOINT) !== undefined &&
        (config.RELAYER_KMS_KEY ?? config.MASTER_KEY_CIPHERTEXT) === undefined,
      'KMS_REGION and KMS_ENDPOINT need RELAYER_KMS_KEY or MASTER_KEY_CIPHERTEXT',
    ],
    [
      config.RPC_URL !== undefined && !hasOneOf(config, RELAYER_KEY_SETTINGS),
      'RPC_URL needs RELAYER_KEY, RELAYER_KEY_FILE or RELAYER_KMS_KEY: somebody has to pay',
    ],
    [
      config.OIDC_PROVIDERS !== undefined && config.OIDC_PROVIDERS_FILE !== undefined,
      'OIDC_PROVIDERS and OIDC_PROVIDERS_FILE exclude each other',
    ],
    [
      config.TRUST_LISTS.length > 0 && config.TRUST_LIST_KEYS.length === 0,
      'TRUST_LISTS needs TRUST_LIST_KEYS: a list counts by the key that signed it',
    ],
    [config.RPC_URL === undefined && config.CHAIN_CONTRACT !== undefined, 'CHAIN_CONTRACT needs RPC_URL'],
    [
      isProduction && !hasOneOf(config, MASTER_KEY_SETTINGS),
      'MASTER_KEY, MASTER_KEY_FILE or MASTER_KEY_CIPHERTEXT must be set in production',
    ],
    [isProduction && config.CRASH_AT !== undefined, 'CRASH_AT is refused in production'],
    [isProduction && config.REMOTE_MAP !== undefined, 'REMOTE_MAP is refused in production'],
    [
      config.REMOTE_MAP !== undefined && !isLocal(URL.parse(config.PUBLIC_URL)?.hostname ?? ''),
      'REMOTE_MAP is for http://localhost only: it says in the name of others what they publish',
    ],
    [
      isProduction && config.VC_API_DID_KEY_ISSUER === true,
      'VC_API_DID_KEY_ISSUER is refused in production: it signs for whoever asks',
    ],
    [isProduction && config.FETCH_LOCALHOST, 'FETCH_LOCALHOST is refused in production'],
  ]
  const faults = rules.filter(([applies]) => applies).map(([, fault]) => fault)
  const origin = originFault(config.PUBLIC_URL)
  return origin === undefined ? faults : [`PUBLIC_URL ${origin}`, ...faults]
}

/** Where each key may come from: one of these, or the data folder. */
export const MASTER_KEY_SETTINGS = ['MASTER_KEY', 'MASTER_KEY_FILE', 'MASTER_KEY_CIPHERTEXT'] as const
export const RELAYER_KEY_SETTINGS = ['RELAYER_KEY', 'RELAYER_KEY_FILE', 'RELAYER_KMS_KEY'] as const

export const hasOneOf = (config: Config, names: readonly (keyof Config)[]): boolean =>
  names.some((name) => config[name] !== undefined)

function excluding(config: Config, names: readonly (keyof Config)[]): (readonly [boolean, string])[] {
  const given = names.filter((name) => config[name] !== undefined)
  return [[given.length > 1, `${given.join(' and ')} exclude each other`]]
}

/** did:web knows host names only, and https everywhere but on localhost. */
function originFault(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.origin !== text)
    return 'must be an origin, as https://badges.example.org, without a path or a slash at the end'
  if (/^[\d.]+$|^\[/.test(url.hostname)) return 'must have a host name, not an address'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal(url.hostname))) {
    return 'must begin with https:// (http:// is for localhost only)'
  }
  return undefined
}

const isLocal = (host: string): boolean => host === 'localhost'

function isProxy(part: string): boolean {
  return /^(?:loopback|linklocal|uniquelocal)$/.test(part) || /^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/.test(part)
}
