import { createAuthorizationServer } from '#adapters/oauth/authorization-server.ts'
import type { ImportBadges } from '#services/backpack/import-badges.ts'
import type { ServeCredentials } from '#services/credentials/serve-credentials.ts'
import { createConnectedApplications } from '#services/open-badges-api/connected-applications.ts'
import { createHostCredentials } from '#services/open-badges-api/host-credentials.ts'
import { createHostProfile } from '#services/open-badges-api/host-profile.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** The Open Badges API: what applications reach of a backpack, and who lets them in. */
export function composeOpenBadgesApi(
  common: CommonParts,
  {
    masterKey,
    credentials,
    importBadges,
  }: Pick<Parts, 'masterKey'> & {
    readonly credentials: ServeCredentials
    readonly importBadges: ImportBadges
  },
) {
  const { database, clock, random, hashes, secretBox, suite, log, origin } = common
  const server = createAuthorizationServer({
    ...{ database, clock, random, secretBox, log, masterKey, origin },
    sha256: hashes.sha256,
  })
  return {
    routes: { applications: createConnectedApplications({ database, clock, random, server }) },
    door: {
      handleOAuth: server.handle,
      authorizationServer: server,
      hostCredentials: createHostCredentials({ hashes, suite, credentials, importBadges }),
      hostProfile: createHostProfile({ database, clock, random }),
      publicUrl: origin,
    },
  }
}
