import { compactVerify, importSPKI } from 'jose'

/** Those that older badges are signed with. `none` and HS* would let anybody sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'EdDSA']

/** Checks a compact JWS under a public key in PEM (SPKI), as issuers of Open Badges 2.0 publish theirs. */
export async function verifyPemJws(compact: string, pem: string): Promise<'holds' | 'wrong' | 'unusable'> {
  const alg = algorithmOf(compact)
  if (alg === undefined || !ALGORITHMS.includes(alg)) return 'unusable'
  let key: Awaited<ReturnType<typeof importSPKI>>
  try {
    key = await importSPKI(pem, alg)
  } catch {
    return 'unusable'
  }
  try {
    await compactVerify(compact, key, { algorithms: [alg] })
    return 'holds'
  } catch {
    return 'wrong'
  }
}

function algorithmOf(compact: string): string | undefined {
  try {
    const [header = ''] = compact.split('.')
    const text = atob(header.replaceAll('-', '+').replaceAll('_', '/'))
    const { alg } = JSON.parse(text) as { alg?: unknown }
    return typeof alg === 'string' ? alg : undefined
  } catch {
    return undefined
  }
}
