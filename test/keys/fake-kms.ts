import { createHash, createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { secp256k1 } from '@noble/curves/secp256k1'

const ACCESS_KEY = 'AKIDEXAMPLE'
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const REGION = 'eu-central-1'

/** What the library finds in its environment; with another secret its signatures are wrong. */
export const kmsEnvironment = {
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  AWS_REGION: REGION,
} as const

export interface FakeKey {
  readonly secret: Uint8Array
  readonly spec?: string
  readonly usage?: string
  readonly enabled?: boolean
  /** Signs with this one instead. */
  readonly signsWith?: Uint8Array
  /** Its public key is one of another curve. */
  readonly otherCurve?: boolean
}

export interface FakeKms {
  readonly url: string
  readonly keys: Map<string, FakeKey>
  /** What it was asked to do, by the targets that were signed well. */
  readonly asked: string[]
  /** How many signatures had `s` in the upper half. */
  highS(): number
  /** The next calls fail so, one after the other. */
  failNext(...failures: readonly { readonly status: number; readonly type: string }[]): void
  encrypt(plain: Uint8Array): string
  close(): void
}

/** AWS KMS as far as the product uses it: JSON over HTTP, signed by SigV4 (which is checked), with real signatures. */
export async function startFakeKms(): Promise<FakeKms> {
  const keys = new Map<string, FakeKey>()
  const asked: string[] = []
  const failures: { readonly status: number; readonly type: string }[] = []
  let highS = 0

  const answer = (target: string, body: Record<string, string>): Record<string, unknown> => {
    if (target === 'Decrypt') {
      const plain = Buffer.from(body['CiphertextBlob'] ?? '', 'base64')
      if (!plain.subarray(0, 6).equals(Buffer.from('sealed'))) throw fault('InvalidCiphertextException')
      return { Plaintext: plain.subarray(6).toString('base64'), KeyId: 'of-the-ciphertext' }
    }
    const key = keys.get(body['KeyId'] ?? '')
    if (key === undefined) throw fault('NotFoundException')
    if (key.enabled === false) throw fault('DisabledException')
    const { spec = 'ECC_SECG_P256K1', usage = 'SIGN_VERIFY' } = key
    if (target === 'GetPublicKey')
      return {
        KeyId: body['KeyId'],
        KeySpec: spec,
        KeyUsage: usage,
        PublicKey: spkiOf(key).toString('base64'),
      }
    if (target !== 'Sign') throw fault('UnknownOperationException')
    if (body['MessageType'] !== 'DIGEST' || body['SigningAlgorithm'] !== 'ECDSA_SHA_256')
      throw fault('ValidationException')
    const digest = Buffer.from(body['Message'] ?? '', 'base64')
    if (digest.length !== 32) throw fault('ValidationException')
    const low = secp256k1.sign(digest, key.signsWith ?? key.secret, { lowS: true })
    // Half of them, as a service that knows nothing of Ethereum.
    const isHigh = (digest[0] ?? 0) % 2 === 1
    if (isHigh) highS++
    const { n } = secp256k1.CURVE
    const signature = isHigh ? new secp256k1.Signature(low.r, n - low.s) : low
    return { Signature: Buffer.from(signature.toDERRawBytes()).toString('base64') }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const payload = Buffer.concat(chunks)
    const refuse = (status: number, type: string) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: type, message: type }))
    if (!isSigned(request.headers, request.method ?? '', request.url ?? '', payload))
      return refuse(400, 'InvalidSignatureException')
    const target = String(request.headers['x-amz-target']).replace('TrentService.', '')
    asked.push(target)
    const failure = failures.shift()
    if (failure !== undefined) return refuse(failure.status, failure.type)
    try {
      const result = answer(target, JSON.parse(payload.toString()))
      return response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(result))
    } catch (error) {
      return refuse(400, (error as Error).message)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    asked,
    highS: () => highS,
    failNext: (...next) => void failures.push(...next),
    encrypt: (plain) => Buffer.concat([Buffer.from('sealed'), plain]).toString('base64'),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const fault = (type: string): Error => new Error(type)

function spkiOf({ secret, otherCurve }: FakeKey): Buffer {
  if (otherCurve === true)
    return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'der',
      type: 'spki',
    })
  const point = Buffer.from(secp256k1.getPublicKey(secret, false))
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  const jwk = { kty: 'EC', crv: 'secp256k1', x: x ?? '', y: y ?? '' }
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' })
}

/** Signature Version 4, computed anew from what arrived. */
function isSigned(headers: IncomingHttpHeaders, method: string, path: string, payload: Buffer): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, accessKey, day, region, names, signature] = form.exec(headers.authorization ?? '') ?? []
  if (accessKey !== ACCESS_KEY || day === undefined || region === undefined || names === undefined)
    return false
  const signedNames = names.split(';')
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => signedNames.includes(name))) return false
  const canonical = [
    method,
    path,
    '',
    ...signedNames.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(payload),
  ].join('\n')
  const scope = `${day}/${region}/kms/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [day, region, 'kms', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${SECRET_KEY}`)
  return hmac(key, toSign).toString('hex') === signature
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
