import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { qrImages } from '#adapters/images/qr-images.ts'
import { createAuthorizationServer } from '#adapters/oauth/authorization-server.ts'
import { createBadgeHosts, MOST_HOST_BYTES } from '#adapters/oauth/badge-hosts.ts'
import { createWalletProofs, PROOF_ALGORITHMS } from '#adapters/oauth/wallet-proofs.ts'
import { systemPause } from '#adapters/system/system-pause.ts'
import type { ImportBadges } from '#services/backpack/import-badges.ts'
import { createConnectHosts } from '#services/connections/connect-hosts.ts'
import { createFetchBadges } from '#services/connections/fetch-badges.ts'
import { createRunHostFetches } from '#services/connections/run-host-fetches.ts'
import { createUseHost } from '#services/connections/use-host.ts'
import type { ServeCredentials } from '#services/credentials/serve-credentials.ts'
import { createConnectedApplications } from '#services/open-badges-api/connected-applications.ts'
import { createHostCredentials } from '#services/open-badges-api/host-credentials.ts'
import { createHostProfile } from '#services/open-badges-api/host-profile.ts'
import { createForgetOffers } from '#services/wallets/forget-offers.ts'
import { createOfferBadges } from '#services/wallets/offer-badges.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

const HOST_TIMEOUT_MS = 20_000

/** What applications and wallets reach of a backpack, and who lets them in. */
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
  const { database, clock, random, hashes, secretBox, suite, wakeUps, log, origin, settings } = common
  const hostCredentials = createHostCredentials({ hashes, suite, credentials, importBadges })
  const hostProfile = createHostProfile({ database, clock, random })
  // Somebody waits for it, and the other side may have to ask others while it verifies.
  const fetch = createGuardedFetch({
    allowLocalhost: settings.fetchLocalhost,
    timeoutMs: HOST_TIMEOUT_MS,
    maxBytes: MOST_HOST_BYTES,
  })
  const hosts = createBadgeHosts({ fetch, clock, allowLocalhost: settings.fetchLocalhost, origin })
  const useHost = createUseHost({ database, clock, secretBox, hosts, pause: systemPause })
  const server = createAuthorizationServer({
    ...{ database, clock, random, secretBox, log, masterKey, origin },
    sha256: hashes.sha256,
  })
  const offerBadges = createOfferBadges({
    ...{ database, clock, random, hashes, qrImages, credentials, origin },
    proofs: createWalletProofs(masterKey, clock),
  })
  return {
    routes: {
      offerBadges,
      applications: createConnectedApplications({ database, clock, random, server }),
      connectHosts: createConnectHosts({
        ...{ database, clock, random, hashes, hosts, useHost, hostProfile, credentials, origin },
      }),
      fetchBadges: createFetchBadges({ database, clock, random, wakeUps, useHost }),
    },
    steps: {
      host_fetches: createRunHostFetches({
        ...{ database, clock, random, log, hosts, useHost, hostCredentials },
        pause: systemPause,
      }),
      wallet_offers: createForgetOffers({ database, clock }),
    },
    wallets: { offerBadges, proofAlgorithms: PROOF_ALGORITHMS, publicUrl: origin },
    door: {
      handleOAuth: server.handle,
      authorizationServer: server,
      hostCredentials,
      hostProfile,
      publicUrl: origin,
    },
  }
}
