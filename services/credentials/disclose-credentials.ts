import type { Principal } from '#engine/access/rights.ts'
import {
  type DisclosurePart,
  disclosableDocument,
  disclosurePlan,
} from '#engine/credentials/disclosure-parts.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { DisclosingKey } from '#services/issuers/disclosing-key.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { BakeInto } from './bake-into.ts'
import { type ReadableCredential, readCredential } from './read-credential.ts'
import { createSignForm, type SignFormNeeds } from './sign-form.ts'

export interface DiscloseCredentialsNeeds extends SignFormNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly suite: Pick<CredentialSuite, 'prepare' | 'sign' | 'derive'>
  readonly keyStore: KeyStore
  readonly disclosingKey: DisclosingKey
  readonly bakeInto: BakeInto
  readonly wakeUps: WakeUps
}

export type DiscloseCredentials = ReturnType<typeof createDiscloseCredentials>

/**
 * Parts of a badge, for its earner alone: for everybody else the badge does not exist here. What is shown is derived from a base
 * proof, which is signed when the earner first asks and is handed to nobody but them (docs/adr/0074-parts-of-badges.md).
 */
export const createDiscloseCredentials = (needs: DiscloseCredentialsNeeds) => {
  const { database, clock, hashes, suite, keyStore, disclosingKey, bakeInto, wakeUps } = needs

  /** Throws `not-found`, `credential-not-signed`. */
  const earned = async (id: CredentialId, principal: Principal): Promise<ReadableCredential> => {
    const found = await database.asWorker((stores) =>
      readCredential(stores, hashes, id, { principal }, clock.now()),
    )
    if (found.way.kind !== 'earner') throw errors.notFound({ what: 'credential', id })
    return found
  }

  /** Throws `badge-not-disclosable` as well. */
  const disclosable = async (id: CredentialId, principal: Principal): Promise<ReadableCredential> => {
    const found = await earned(id, principal)
    if (!isDisclosable(found)) throw errors.badgeNotDisclosable({})
    return found
  }

  const planOf = ({ edition, version }: ReadableCredential) =>
    disclosurePlan(disclosableDocument(JSON.parse(new TextDecoder().decode(edition.signed)) as JsonObject), {
      pictureTells: version.definition.imageLevels !== undefined,
    })

  const signBase = (found: ReadableCredential): Promise<Uint8Array> =>
    createSignForm(needs, {
      what: 'base proof',
      action: 'credential.base_signed',
      crashPoint: 'base',
      kept: ({ editionBases }) => editionBases,
      key: disclosingKey,
      sign: async (unsigned, issuer, key) => {
        // The key may have been made for this, and is to be published.
        if (key.purpose === 'disclosing') await wakeUps.wake('send')
        const checked = await suite.prepare(disclosableDocument(unsigned))
        if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
        const signingKey = keyStore.issuingKey(issuer.did, key)
        return credentialBytes(
          await suite.sign(checked.prepared, signingKey, clock.now(), {
            cryptosuite: 'ecdsa-sd-2023',
            mandatoryPointers: planOf(found).mandatory,
          }),
        )
      },
    })(found)

  return {
    /** What the earner chooses from; undefined where the issuer does not let them. */
    parts: async (principal: Principal, id: CredentialId): Promise<readonly DisclosurePart[] | undefined> => {
      const found = await earned(id, principal)
      return isDisclosable(found) ? planOf(found).parts : undefined
    },

    /** What the earner shows: what is always shown, and these parts. Throws `disclosure-part-unknown`. */
    disclose: async (
      principal: Principal,
      id: CredentialId,
      { parts, format }: { readonly parts: readonly string[]; readonly format: 'json' | 'png' | 'svg' },
    ): Promise<Uint8Array> => {
      const found = await disclosable(id, principal)
      const plan = planOf(found)
      const known = new Map(plan.parts.map((part) => [part.id, part]))
      const unknown = parts.filter((part) => !known.has(part))
      if (unknown.length > 0) throw errors.disclosurePartUnknown({ unknown, possible: [...known.keys()] })
      const base = JSON.parse(new TextDecoder().decode(await signBase(found))) as JsonObject
      const pointers = parts.flatMap((part) => known.get(part)?.pointers ?? [])
      const derived = credentialBytes(await suite.derive(base, pointers))
      if (format === 'json') return derived
      return bakeInto(
        // The picture of a level tells the level: whoever does not show it is given the one that everybody has.
        { ...found, omits: parts.includes('picture') ? [] : ['results'] },
        derived,
        format,
      )
    },

    /** The document with its base proof, for a wallet that derives by itself. */
    base: async (principal: Principal, id: CredentialId): Promise<Uint8Array> =>
      signBase(await disclosable(id, principal)),
  }
}

const isDisclosable = ({ version }: ReadableCredential): boolean =>
  version.definition.selectiveDisclosure === true
