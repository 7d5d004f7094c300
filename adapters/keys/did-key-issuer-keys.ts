import { hkdfSync } from 'node:crypto'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import type { SigningKey } from '#services/ports/key-store.ts'

/** The keys of the built-in issuer, one for each curve: derived from the master key, so that its DIDs stay the same. */
export function didKeyIssuerKeys(masterKey: Uint8Array): readonly SigningKey[] {
  return (['Ed25519', 'P-256'] as const).map((curve) => {
    const label = `waarmerk did:key issuer ${curve} 1`
    const secret = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), label, 32))
    const { publicKeyMultibase } = issuingKeyOf(secret, curve)
    return signingKeyOf(didKeyOf(publicKeyMultibase), secret, undefined, curve)
  })
}
