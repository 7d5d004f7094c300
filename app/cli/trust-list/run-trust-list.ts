import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { generateIssuingKey, type IssuingKey, issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { signPlainJson } from '#adapters/crypto/sign-plain-json.ts'
import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { fromHex, toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { momentsAsText } from '#engine/verification/report-as-json.ts'
import { parseTrustList, TRUST_LIST_LIMITS, type TrustList } from '#engine/verification/trust-list.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'
import { createFindDid } from '#services/verify/resolve-key.ts'
import { checkTrustList } from '#services/verify/trust-lists.ts'
import { cleanText } from '../clean-text.ts'
import { createWebSources } from '../fetch-document.ts'
import { parseArguments } from '../parse-arguments.ts'
import { UsageFault } from '../usage-fault.ts'

export const TRUST_LIST_USAGE = `Usage: waarmerk trust-list COMMAND [FILE] [options]

A trust list says which issuers somebody vouches for, and is signed by them.

  key --out FILE                      make a key, keep it in FILE, print its DID
  sign FILE --key FILE --out FILE     sign a list that you wrote (docs/trust-lists.md)
  check FILE --trust-key DID          say whether a list counts, and until when

  --key FILE        the key: 64 hexadecimal digits. Whoever has it signs in your name
  --out FILE        where it is written
  --trust-key DID   the DID of the publisher, or one key of it (DID#KEY); may be
                    repeated
  --did FILE        a kept did.json of the publisher; may be repeated
  --offline         fetch nothing
  --json            check: print the result as JSON
  --help            print this and do nothing else

Exit code: 0 done, or the list counts; 1 the list counts for nothing; 2 could not
be told; 64 wrong use.
`

/** What the command needs of the world; tests hand in their own. */
export interface TrustListIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly fetch?: typeof fetch
  readonly now?: () => number
}

const EXIT = { passed: 0, failed: 1, unknown: 2 } as const
const EXIT_USAGE = 64

/** `waarmerk trust-list`. Gives the exit code. */
export async function runTrustList(argv: readonly string[], io: TrustListIo): Promise<number> {
  try {
    const { values, positionals } = parse(argv)
    const [command, file, ...surplus] = positionals
    if (values.help === true) {
      io.out(TRUST_LIST_USAGE)
      return 0
    }
    if (surplus.length > 0) throw new UsageFault('Name one file.')
    switch (command) {
      case 'key':
        return await makeKey(needed(values.out, '--out'), io)
      case 'sign':
        return await sign(
          needed(file, 'a file'),
          needed(values.key, '--key'),
          needed(values.out, '--out'),
          io,
        )
      case 'check':
        return await check(needed(file, 'a file'), values, io)
      default:
        throw new UsageFault('Say key, sign or check.')
    }
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error
    io.err(`${error.message}\n\n${TRUST_LIST_USAGE}`)
    return EXIT_USAGE
  }
}

const parse = (argv: readonly string[]) =>
  parseArguments({
    args: [...argv],
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      out: { type: 'string' },
      'trust-key': { type: 'string', multiple: true },
      did: { type: 'string', multiple: true },
      offline: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })

type Values = ReturnType<typeof parse>['values']

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageFault(`This needs ${what}.`)
  return value
}

async function makeKey(path: string, { out }: TrustListIo): Promise<number> {
  const { publicKeyMultibase, secretKey } = generateIssuingKey()
  // A key that is there is never written over: lists that it signed would be without it.
  await write(path, `${toHex(secretKey).slice(2)}\n`, { mode: 0o600, flag: 'wx' })
  out(`${didKeyOf(publicKeyMultibase)}\n`)
  return 0
}

async function sign(path: string, keyPath: string, target: string, io: TrustListIo): Promise<number> {
  const { document, list } = await readList(path)
  const key = readKey(keyPath, await read(keyPath))
  const verificationMethod = methodFor(list, key)
  const created = asInstant(Math.floor((io.now ?? Date.now)() / 1000) * 1000)
  const signed = signPlainJson(document, { verificationMethod, secretKey: key.secretKey, created })
  await write(target, `${JSON.stringify(signed, undefined, 2)}\n`, {})
  io.out(`${target} is signed by ${verificationMethod}.\n`)
  return 0
}

/** A did:key must be that of the key; of any other DID the key is named by itself, as issuers here name theirs. */
function methodFor({ publisher }: TrustList, { publicKeyMultibase }: IssuingKey): string {
  if (!publisher.id.startsWith('did:key:')) return verificationMethodId(publisher.id, publicKeyMultibase)
  if (publisher.id === didKeyOf(publicKeyMultibase)) return didKeyMethod(publicKeyMultibase)
  throw new UsageFault(
    `The list is published by ${publisher.id}, and this is the key of ${didKeyOf(publicKeyMultibase)}.`,
  )
}

async function check(path: string, values: Values, io: TrustListIo): Promise<number> {
  const keys = values['trust-key'] ?? []
  if (keys.length === 0) throw new UsageFault('--trust-key says whose signature you believe.')
  const parsed = parseStrictJson(await read(path), TRUST_LIST_LIMITS)
  const kept = await Promise.all((values.did ?? []).map(readJson))
  const web = createWebSources(io.fetch)
  const resolver: DidResolver = {
    resolve: async (did) => (values.offline === true ? 'unavailable' : web.resolve(did)),
    kept: (did) => kept.find(({ id }) => id === did),
  }
  const suite = createCredentialSuite()
  const { report } = await checkTrustList(
    { from: basename(path), json: parsed.ok ? parsed.value : undefined },
    { suite, findDid: createFindDid(suite, resolver), now: asInstant((io.now ?? Date.now)()), keys },
  )
  io.out(
    values.json === true
      ? `${JSON.stringify(momentsAsText(report), undefined, 2)}\n`
      : `${cleanText(report.detail)} (${report.code})\n`,
  )
  return EXIT[report.outcome]
}

async function readList(path: string): Promise<{ readonly document: JsonObject; readonly list: TrustList }> {
  const document = await readJson(path)
  const reading = parseTrustList(document)
  if (!reading.ok)
    throw new UsageFault(`${path} is no trust list: ${reading.member} is missing, wrong or unknown.`)
  return { document, list: reading.list }
}

async function readJson(path: string): Promise<JsonObject> {
  const parsed = parseStrictJson(await read(path), TRUST_LIST_LIMITS)
  if (!parsed.ok) throw new UsageFault(`${path}: ${parsed.detail} at ${parsed.position} (${parsed.code})`)
  if (!isJsonObject(parsed.value)) throw new UsageFault(`${path} is no JSON object.`)
  return parsed.value
}

function readKey(path: string, bytes: Uint8Array): IssuingKey {
  const secretKey = fromHex(`0x${new TextDecoder().decode(bytes).trim()}`)
  if (secretKey?.length !== 32) throw new UsageFault(`${path} holds no key of 64 hexadecimal digits.`)
  return issuingKeyOf(secretKey)
}

const read = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((cause: unknown) => {
    throw new UsageFault(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  })

const write = (path: string, text: string, options: { readonly mode?: number; readonly flag?: string }) =>
  writeFile(path, text, options).catch((cause: unknown) => {
    throw new UsageFault(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  })
