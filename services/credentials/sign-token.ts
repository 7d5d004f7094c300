import { errors } from '#engine/errors/catalogue.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import { createSignForm, type SignForm, type SignFormNeeds } from './sign-form.ts'

export interface SignTokenNeeds extends SignFormNeeds {
  readonly suite: Pick<CredentialSuite, 'prepare' | 'signJwt'>
  readonly keyStore: KeyStore
}

/** The JWT form of a badge, with the key that its issuer signs with. Throws what `createSignForm` throws. */
export const createSignToken = ({ suite, keyStore, ...needs }: SignTokenNeeds): SignForm =>
  createSignForm(needs, {
    what: 'JWT form',
    action: 'credential.jwt_signed',
    crashPoint: 'token',
    kept: ({ editionJwts }) => editionJwts,
    key: (stores, issuer) => stores.issuers.activeKey(issuer.id, 'issuing'),
    sign: async (unsigned, issuer, key) => {
      const checked = await suite.prepare(unsigned)
      if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
      return utf8(await suite.signJwt(checked.prepared, keyStore.issuingKey(issuer.did, key), 'ob3'))
    },
  })
