import { didKeyIssuerKeys } from '#adapters/keys/did-key-issuer-keys.ts'
import { createChangeStatus } from '#services/vc-api/change-status.ts'
import { createDidKeyIssuer } from '#services/vc-api/did-key-issuer.ts'
import { createIssueCredentials } from '#services/vc-api/issue-credentials.ts'
import { createListSigned } from '#services/vc-api/list-signed.ts'
import { createVcApi } from '#services/vc-api/vc-api.ts'
import type { CommonParts } from './common-parts.ts'
import type { composeVerification } from './compose-verification.ts'
import type { Parts } from './parts.ts'

/** VC-API: what it signs, and the verifier of `/v1/verify`, which here knows the lists of the built-in issuer. */
export function composeVcApi(
  common: CommonParts,
  { masterKey, vcApi }: Pick<Parts, 'masterKey' | 'vcApi'>,
  {
    verifierNeeds,
    makeVerifiers,
  }: Pick<ReturnType<typeof composeVerification>, 'verifierNeeds' | 'makeVerifiers'>,
) {
  const { database, clock, random, suite, keyStore, audit, origin, log } = common
  const didKeyIssuer =
    vcApi?.didKeyIssuer === true
      ? createDidKeyIssuer({ keys: didKeyIssuerKeys(masterKey), suite, random, clock, origin })
      : undefined
  if (didKeyIssuer !== undefined) log.warn('vc-api.signs-for-anybody', { dids: didKeyIssuer.dids })
  const { statusLists } = verifierNeeds
  const lists = `${origin}/vc/status/`
  const needs = {
    ...verifierNeeds,
    statusLists: {
      fetch: async (url: string) => {
        const number = url.startsWith(lists) ? url.slice(lists.length) : ''
        if (didKeyIssuer === undefined || !/^[1-9]\d{0,8}$/.test(number)) return statusLists.fetch(url)
        return didKeyIssuer.readList(Number(number))
      },
    },
  }
  // Badges of Open Badges 2.0 are no verifiable credentials, which is what is asked here.
  const { credentials, presentations } = makeVerifiers(needs, { takesOlderBadges: false })
  return createVcApi({
    issue: createIssueCredentials({ database, clock, random, suite, keyStore, audit, didKeyIssuer }),
    changeStatus: createChangeStatus({ database, clock, audit, didKeyIssuer }),
    listSigned: createListSigned({ database }),
    verify: credentials.verify,
    verifyPresentation: presentations.verify,
    didKeyIssuer,
    suite,
  })
}
