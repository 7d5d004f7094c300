import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { createOidcProvider, type OidcSettings } from '#adapters/oidc/oidc-provider.ts'
import type { IdentityProviders } from '#services/ports/identity-providers.ts'
import type { Log } from '#services/ports/log.ts'
import type { Config } from './config.ts'
import { startErrors } from './start-errors.ts'

const Domain = z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'must be a domain in lower case')
const Claim = z.string().regex(/^[\w:./-]{1,200}$/, 'must be the name of a claim')
const Word = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be a word without spaces')

/** http only where no network lies between. */
const isIssuer = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === 'localhost')
}

const Proves = z.discriminatedUnion('as', [
  z.strictObject({
    as: z.literal('account'),
    claim: Claim,
    homePage: z
      .string()
      .refine(
        (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? '') && !text.includes('#'),
        'must be a URL',
      )
      .optional(),
  }),
  z.strictObject({ as: z.enum(['email', 'eppn']), claim: Claim, domains: z.array(Domain).min(1).optional() }),
])

/** As an operator writes it. */
const Provider = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens'),
    name: z.string().min(1).max(100),
    issuer: z
      .string()
      .refine(isIssuer, 'must be an https:// URL (http:// on localhost only) without a query'),
    clientId: z.string().min(1).max(500),
    clientSecret: z.string().min(1).optional(),
    clientSecretFile: z.string().min(1).optional(),
    clientAuth: z.enum(['basic', 'post']).default('basic'),
    scopes: z.array(Word).default(['openid', 'email']),
    proves: z
      .array(Proves)
      .min(1)
      .default([
        { as: 'account', claim: 'sub' },
        { as: 'email', claim: 'email' },
      ]),
    requires: z.record(Claim, z.array(z.string().min(1)).min(1)).default({}),
    acrValues: z.array(Word).default([]),
    prompt: z.enum(['login', 'consent', 'select_account']).optional(),
    maxAgeS: z.int().min(0).max(86_400).optional(),
    returnsAfterSignOut: z.boolean().default(false),
    clockToleranceS: z.int().min(0).max(300).default(30),
  })
  .refine((each) => each.clientSecret === undefined || each.clientSecretFile === undefined, {
    error: 'clientSecret and clientSecretFile exclude each other',
  })
  .refine((each) => each.scopes.includes('openid'), { error: 'scopes must hold openid', path: ['scopes'] })
  .refine(
    (each) => {
      const homes = each.proves.flatMap((one) => (one.as === 'account' ? [one.homePage ?? each.issuer] : []))
      return new Set(homes).size === homes.length
    },
    { error: 'two claims that prove an account need a homePage each', path: ['proves'] },
  )

const Providers = z
  .array(Provider)
  .max(20)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'each id may stand there once')

/**
 * The sign-in providers of OIDC_PROVIDERS or OIDC_PROVIDERS_FILE: a JSON list. Nothing is fetched: a provider that is
 * down stops no start. Throws StartError with every fault; secrets are never repeated.
 */
export function openIdentityProviders(config: Config, log: Log): IdentityProviders {
  const { OIDC_PROVIDERS: text, OIDC_PROVIDERS_FILE: file } = config
  if (text === undefined && file === undefined) return new Map()
  const name = text === undefined ? 'OIDC_PROVIDERS_FILE' : 'OIDC_PROVIDERS'
  return new Map(
    readProviders(name, text ?? readText(name, file ?? '')).map((settings) => [
      settings.id,
      createOidcProvider(settings, log),
    ]),
  )
}

/** What stands in such a list, with every default filled in. `setting` names it in faults. */
export function readProviders(setting: string, text: string): readonly OidcSettings[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw startErrors.settings([`${setting} must be JSON: a list of providers`])
  }
  const parsed = Providers.safeParse(value)
  if (!parsed.success)
    throw startErrors.settings(
      parsed.error.issues.map(({ path, message }) => `${[setting, ...path].join('.')} ${message}`),
    )
  return parsed.data.map(({ clientSecretFile, clientSecret, requires, proves, prompt, maxAgeS, ...rest }) => {
    const secret =
      clientSecretFile === undefined
        ? clientSecret
        : readText(`${setting}.${rest.id}.clientSecretFile`, clientSecretFile).trim()
    return {
      ...rest,
      ...(secret === undefined ? {} : { clientSecret: secret }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(maxAgeS === undefined ? {} : { maxAgeS }),
      requires: Object.entries(requires).map(([claim, values]) => ({ claim, values })),
      proves: proves.map((each) => {
        if (each.as === 'account')
          return { as: each.as, claim: each.claim, homePage: each.homePage ?? rest.issuer }
        const { as, claim, domains } = each
        return domains === undefined ? { as, claim } : { as, claim, domains }
      }),
    }
  })
}

function readText(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw startErrors.settings([`${setting} names a file that cannot be read`])
  }
}
