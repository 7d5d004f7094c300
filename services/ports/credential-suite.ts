import type { KnownDigests } from '#engine/credentials/data-model/related-resource-faults.ts'
import type { VerificationMethod } from '#engine/credentials/did-document.ts'
import type { CredentialFault, PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import type { SigningKey } from './key-store.ts'
import type { ProofExpectation } from './proof-expectation.ts'
import type { SignOptions, TokenForm } from './sign-options.ts'

export type Preparation =
  | { readonly ok: true; readonly prepared: PreparedCredential }
  | { readonly ok: false; readonly faults: readonly CredentialFault[] }

/** What came of issuing one document: the JCS of it with its proof, and the SHA-256 of that. */
export type Issuing =
  | { readonly ok: true; readonly signed: Uint8Array; readonly digest: Uint8Array }
  | { readonly ok: false; readonly faults: readonly CredentialFault[] }

/** A document, and what is asked of it to verify it. What the answers have in common is worked out once. */
export interface OpenedDocument {
  /** SHA-256 of its JCS with its proofs (`credentialDigest`). */
  digest(): Uint8Array
  /** Breaches of the VC Data Model that show in the document (`credentialFaults`). */
  formatFaults(): readonly CredentialFault[]
  /** 1EdTech's schema alone, where one proof stands for a set of one; undefined where no schema of theirs covers the type. */
  schemaFaults(): readonly CredentialFault[] | undefined
  /** As `verifyProofs` of the suite. */
  verifyProofs(
    resolve: ResolveMethod,
    now: Instant,
    expected?: ProofExpectation,
  ): Promise<readonly ProofFinding[]>
}

/** Looks a verification method up at the DID that is bound to the issuer; never in the document that it is to verify. */
export type ResolveMethod = (verificationMethod: string) => Promise<MethodFinding>

export type MethodFinding =
  | {
      readonly kind: 'found'
      readonly method: VerificationMethod
      readonly forAssertion: boolean
      /** Whether it may sign presentations. */
      readonly forAuthentication?: boolean
      /** Of a key that a chain records, and no DID document. */
      readonly recorded?: RecordedWindow
      /** Of a key that its issuer calls compromised: since when a block holds the document. */
      readonly witness?:
        | { readonly kind: 'anchored'; readonly at: Instant }
        | { readonly kind: 'none' | 'unavailable' }
    }
  /** `not-recorded`: no DID document can be read, and the chain records the issuer, but not this key. */
  | { readonly kind: 'not-of-issuer' | 'not-found' | 'unavailable' | 'not-recorded' }

/** When a key counted as a chain records it (`validFrom <= t < validUntil`), and when what it signed was anchored. */
export interface RecordedWindow {
  readonly validFrom: Instant
  readonly validUntil: Instant
  readonly anchoredAt: Instant
}

/** What a compact JWS carries, before any of it is trusted. */
export type JwtReading =
  | {
      readonly ok: true
      readonly holds: 'credential' | 'presentation'
      /** The credential or the presentation: under `vc` or `vp`, or the payload itself without registered claims. */
      readonly credential: JsonObject
      readonly header: JsonObject
      readonly claims: JsonObject
    }
  | {
      readonly ok: false
      readonly code: 'proof-malformed' | 'proof-algorithm-refused'
      readonly detail: string
    }

/** Signs and checks credentials. Portable and offline: it knows pinned contexts and fetches nothing. */
export interface CredentialSuite {
  /**
   * Faults that would make the document unfit to be signed: the VC Data Model, 1EdTech's schema for badges and endorsements, and
   * for every document a JSON-LD expansion in safe mode, in which an undefined term is a fault. Empty when there is none.
   */
  lint(unsigned: JsonObject): Promise<readonly CredentialFault[]>
  /** Lints, and hands out what the signer takes. */
  prepare(unsigned: JsonObject): Promise<Preparation>
  /**
   * Adds one proof, of the suite that is usual for the key unless the options name another: as an array for badges and
   * endorsements, as an object otherwise.
   * Without options the document must have no proof yet. Throws `suite-not-for-key`, `signing-failed`, and `credential-unfit`.
   */
  sign(
    prepared: PreparedCredential,
    key: SigningKey,
    created: Instant,
    options?: SignOptions,
  ): Promise<JsonObject>
  /**
   * Prepares and signs what is written as JCS, and answers bytes: the same that `prepare` and `sign` come to, in less
   * time where many documents are alike. Throws as `sign` does, and `SyntaxError` for what is no JSON.
   */
  issue(unsigned: Uint8Array, key: SigningKey, created: Instant): Promise<Issuing>
  /**
   * Adds a further proof to whatever document, as to one that is signed already or to a presentation. It looks at
   * nothing but that JSON-LD covers all of the document. Throws as `sign` does, and `previous-proof-missing` and
   * `pointers-unmatched`.
   */
  addProof(
    document: JsonObject,
    key: SigningKey,
    created: Instant,
    options?: SignOptions,
  ): Promise<JsonObject>
  /** Digests of what stands at an address that a related resource may name. */
  readonly knownDigests: KnownDigests
  /**
   * What a holder shows of a document with an `ecdsa-sd-2023` base proof: its mandatory statements, and those to which
   * the JSON pointers lead. Throws `no-base-proof`, `pointers-unmatched` and `credential-unfit`.
   */
  derive(document: JsonObject, pointers: readonly string[]): Promise<JsonObject>
  /** 1EdTech's schema alone; undefined where no schema of theirs covers the type. */
  schemaFaults(document: JsonObject): readonly CredentialFault[] | undefined
  /** Reads a document once, for several questions to come. It must not change meanwhile. */
  open(document: JsonObject): OpenedDocument
  /** Checks every proof of the document, each by itself: all of them must hold. Costs one canonicalisation. */
  verifyProofs(
    document: JsonObject,
    resolve: ResolveMethod,
    now: Instant,
    expected?: ProofExpectation,
  ): Promise<readonly ProofFinding[]>
  /** Signs as a compact JWS, with EdDSA or ES256 as the key has it. Throws `credential-unfit` and `signing-failed`. */
  signJwt(prepared: PreparedCredential, key: SigningKey, form: TokenForm): Promise<string>
  readJwt(compact: string): JwtReading
  /**
   * Checks the signature of a compact JWS (EdDSA, ES256, ES384, RS256; nothing else) and that its claims equal what it
   * carries. Of a presentation, `challenge` is the claim `nonce` and `domain` the claim `aud`.
   */
  verifyJwt(
    compact: string,
    resolve: ResolveMethod,
    now: Instant,
    expected?: ProofExpectation,
  ): Promise<ProofFinding>
  /** Unpacks the bitstring of a status list; undefined when it is malformed or larger than 2 MB. */
  decodeStatusList(encodedList: string): Promise<Uint8Array | undefined>
  encodeStatusList(bits: Uint8Array): Promise<string>
  /** The document of a did:key or did:jwk, worked out from its text; undefined for anything else. */
  resolveByText(did: string): JsonObject | undefined
  /** Lets whatever else waits in this thread go on. */
  nextTurn(): Promise<void>
  sha256(bytes: Uint8Array): Uint8Array
  keccak256(bytes: Uint8Array): Uint8Array
}
