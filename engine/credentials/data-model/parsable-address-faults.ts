import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany, type Placed } from './one-or-many.ts'

/** The members whose ids other verifiers read by the URL Standard before they look at anything else. */
const IDENTIFIED = ['issuer', 'credentialSubject', 'evidence', 'credentialStatus'] as const

/**
 * Ids that look like a URL and cannot be read as one, as `https://[`. The data model lets them pass; what is signed with one in it is
 * refused by other verifiers.
 */
export const parsableAddressFaults = (document: JsonObject): readonly CredentialFault[] => [
  ...faultsOf(
    IDENTIFIED.flatMap((name) => oneOrMany(document[name], `/${name}`)),
    (id) => URL.canParse(id),
  ),
  ...faultsOf(othersIn(document), (id) => URL.canParse(id) && isAbsoluteUrl(id)),
]

const faultsOf = (named: readonly Placed[], isRead: (id: string) => boolean): readonly CredentialFault[] =>
  named.flatMap(({ value, path }) => {
    const [id, at] = isJsonObject(value) ? [value['id'], `${path}/id`] : [value, path]
    return typeof id === 'string' && !isRead(id) ? [modelFault(at, 'cannot be read as a URL')] : []
  })

/** Whom a badge names besides: what its issuer is a part of, who assessed it, and who made the achievement. */
const othersIn = (document: JsonObject) => {
  const within = (holders: readonly Placed[], member: string) =>
    holders.flatMap(({ value, path }) =>
      isJsonObject(value) ? oneOrMany(value[member], `${path}/${member}`) : [],
    )
  const subjects = oneOrMany(document['credentialSubject'], '/credentialSubject')
  const creators = within(within(subjects, 'achievement'), 'creator')
  const issuers = oneOrMany(document['issuer'], '/issuer')
  return [...within([...issuers, ...creators], 'parentOrg'), ...within(subjects, 'source'), ...creators]
}
