/** Why a proof of possession does not count. */
export type ProofRefusal = { readonly error: 'invalid_proof' | 'invalid_nonce'; readonly description: string }

/** What a wallet shows to prove that it holds a key (OpenID4VCI 1.0, appendix F.1), and the nonces that keep it fresh. */
export interface WalletProofs {
  /** A nonce that counts for five minutes. Nothing is kept of it. */
  nonce(): string
  /** Checks a proof that is meant for `audience`. Answers the DID, or the thumbprint, of the key. */
  check(
    jwt: string,
    audience: string,
  ): Promise<{ readonly ok: true; readonly holder: string } | ({ readonly ok: false } & ProofRefusal)>
}
