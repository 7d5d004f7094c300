import { zipArchive } from '#adapters/archive/zip-archive.ts'
import { qrImages } from '#adapters/images/qr-images.ts'
import { printInTurn } from '#adapters/paper/print-in-turn.ts'
import { systemPause } from '#adapters/system/system-pause.ts'
import type { SignIn } from '#services/access/sign-in.ts'
import { createExportBackpack } from '#services/backpack/export-backpack.ts'
import { createImportBadges } from '#services/backpack/import-badges.ts'
import { createManageCollections } from '#services/backpack/manage-collections.ts'
import { createShowCollection } from '#services/backpack/show-collection.ts'
import { createClaimBadges } from '#services/claims/claim-badges.ts'
import { createConfirmClaims } from '#services/claims/confirm-claims.ts'
import { createResendClaim } from '#services/claims/resend-claim.ts'
import { createBakeInto } from '#services/credentials/bake-into.ts'
import { createDiscloseCredentials } from '#services/credentials/disclose-credentials.ts'
import { createServeCredentials } from '#services/credentials/serve-credentials.ts'
import { createShareCredentials } from '#services/credentials/share-credentials.ts'
import { createSignToken } from '#services/credentials/sign-token.ts'
import { createClaimDirectAwards } from '#services/direct-awards/claim-direct-awards.ts'
import { createDirectAwardSettings } from '#services/direct-awards/direct-award-settings.ts'
import { createManageDirectAwardBundles } from '#services/direct-awards/manage-direct-award-bundles.ts'
import { createManageDirectAwards } from '#services/direct-awards/manage-direct-awards.ts'
import { createRunDirectAwardBundles } from '#services/direct-awards/run-direct-award-bundles.ts'
import { createRunDirectAwards } from '#services/direct-awards/run-direct-awards.ts'
import type { PrintCertificate } from '#services/ports/certificate-paper.ts'
import type { Pseudonyms } from '#services/ports/pseudonyms.ts'
import type { CommonParts } from './common-parts.ts'
import type { composeAwards } from './compose-awards.ts'
import type { composeVerification } from './compose-verification.ts'

/** How a badge comes to its earner, by claim or by direct award, and what earners do with theirs. */
export function composeEarners(
  common: CommonParts,
  {
    pseudonyms,
    signIn,
    verification,
    revokeIssued,
    printCertificate,
  }: {
    readonly pseudonyms: Pseudonyms
    readonly signIn: SignIn
    readonly verification: ReturnType<typeof composeVerification>['verification']
    readonly revokeIssued: ReturnType<typeof composeAwards>['parts']['revokeIssued']
    readonly printCertificate: PrintCertificate
  },
) {
  const {
    database,
    clock,
    random,
    hashes,
    secretBox,
    keyStore,
    suite,
    images,
    audit,
    makeReceipt,
    ruleSets,
    chain,
    wakeUps,
    log,
    origin,
    disclosingKey,
  } = common
  const bakeInto = createBakeInto({ database, images })
  const credentials = createServeCredentials({
    database,
    clock,
    hashes,
    makeReceipt,
    images,
    printCertificate: printInTurn(printCertificate, 64),
    signToken: createSignToken({ database, clock, suite, keyStore, audit }),
    bakeInto,
    chain,
  })
  const directAwarding = { database, clock, random, hashes, secretBox, audit, wakeUps, origin }
  const directAwardClaims = createClaimDirectAwards({
    ...directAwarding,
    signIn,
    ruleSets,
    claims: createClaimBadges({ database, clock, hashes, audit, signIn }),
  })
  const claims = directAwardClaims.links
  const importBadges = createImportBadges({ database, clock, random, hashes, suite, verification })
  const collections = createManageCollections({ database, clock, random, hashes, audit, origin })

  const runBundles = createRunDirectAwardBundles({ ...directAwarding, log })
  const runDirectAwards = createRunDirectAwards({ ...directAwarding, pseudonyms, log })

  return {
    routes: {
      credentials,
      importBadges,
      collections,
      exportBackpack: createExportBackpack({
        database,
        clock,
        random,
        credentials,
        importBadges,
        collections,
        archive: zipArchive,
        pause: systemPause,
      }),
      showCollection: createShowCollection({ database, clock, hashes }),
      disclosing: createDiscloseCredentials({
        ...{ database, clock, hashes, suite, keyStore, audit, disclosingKey, bakeInto, wakeUps },
      }),
      sharing: createShareCredentials({ database, clock, random, hashes, audit, serve: credentials, origin }),
      claims,
      resendClaim: createResendClaim({ database, clock, random, hashes, audit, wakeUps, origin }),
      confirmClaims: createConfirmClaims({
        ...{ database, clock, random, audit, wakeUps, claims, origin },
        directAwards: directAwardClaims.questioned,
      }),
      directAwards: createManageDirectAwards({
        ...directAwarding,
        pseudonyms,
        qrImages,
        revokeIssued,
        ruleSets,
      }),
      directAwardBundles: createManageDirectAwardBundles(directAwarding),
      directAwardClaims,
      directAwardSettings: createDirectAwardSettings(directAwarding),
    },
    steps: {
      direct_awards: async () => {
        const awarded = await runBundles()
        const { more } = await runDirectAwards()
        return { more: more || awarded.more }
      },
    },
  }
}
