import { errors } from '#engine/errors/catalogue.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { IssueMany, OneIssuing } from '#services/ports/issue-many.ts'
import type { KeyStore, SigningKey } from '#services/ports/key-store.ts'
import type { Prepared } from './prepare-edition.ts'

export interface SignPreparedNeeds {
  readonly clock: Clock
  readonly issueMany: IssueMany
  readonly keyStore: KeyStore
}

/** What is stored of a document that was signed. */
export interface Signed {
  readonly signed: Uint8Array
  readonly digest: Uint8Array
}

/** Checks what was prepared, and signs exactly what was checked. Throws `credential-unfit`. */
export async function signPrepared(needs: SignPreparedNeeds, prepared: Prepared): Promise<Signed> {
  const [issuing] = (await signAllPrepared(needs, [prepared])).values()
  if (issuing === undefined) throw new Error('A document was lost.')
  return signedOf(issuing)
}

/** The same of many, each by itself: a key is opened once, and what cannot be signed or opened is an answer. */
export async function signAllPrepared(
  { clock, issueMany, keyStore }: SignPreparedNeeds,
  all: readonly Prepared[],
): Promise<ReadonlyMap<Prepared, OneIssuing>> {
  const issued = new Map<Prepared, OneIssuing>()
  for (const some of Map.groupBy(all, ({ issuer, key }) => `${issuer.did} ${key.id}`).values()) {
    const [first] = some
    if (first === undefined) continue
    const key = openKey(keyStore, first)
    if (!key.ok) {
      for (const prepared of some) issued.set(prepared, key)
      continue
    }
    const documents = some.map(({ edition }) => edition.prepared)
    const issuings = await issueMany(documents, key.key, clock.now())
    for (const [at, prepared] of some.entries()) {
      const issuing = issuings[at]
      if (issuing !== undefined) issued.set(prepared, issuing)
    }
  }
  return issued
}

/** A key that cannot be opened (its row does not unseal, its halves do not match) stops its own issuer and no other. */
function openKey(
  keyStore: KeyStore,
  { issuer, key }: Prepared,
): { readonly ok: true; readonly key: SigningKey } | { readonly ok: false; readonly error: unknown } {
  try {
    return { ok: true, key: keyStore.issuingKey(issuer.did, key) }
  } catch (error) {
    return { ok: false, error }
  }
}

/** Throws what came of it where it was not signed. */
function signedOf(issuing: OneIssuing): Signed {
  if (issuing.ok) return issuing
  throw 'faults' in issuing ? errors.credentialUnfit({ faults: issuing.faults }) : issuing.error
}
