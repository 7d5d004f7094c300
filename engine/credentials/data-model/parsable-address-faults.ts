import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'

/** The members whose ids other verifiers read by the URL Standard before they look at anything else. */
const IDENTIFIED = ['issuer', 'credentialSubject', 'evidence', 'credentialStatus'] as const

/**
 * Ids that look like a URL and cannot be read as one, as `https://[`. The data model lets them pass; what is signed with one in it is
 * refused by other verifiers.
 */
export const parsableAddressFaults = (document: JsonObject): readonly CredentialFault[] =>
  IDENTIFIED.flatMap((name) =>
    oneOrMany(document[name], `/${name}`).flatMap(({ value, path }) => {
      const [id, at] = isJsonObject(value) ? [value['id'], `${path}/id`] : [value, path]
      return typeof id === 'string' && !URL.canParse(id) ? [modelFault(at, 'cannot be read as a URL')] : []
    }),
  )
