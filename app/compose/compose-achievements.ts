import { localKeyMaker } from '#adapters/keys/key-maker.ts'
import { createAnswerExpertReviews } from '#services/achievements/answer-expert-reviews.ts'
import { createAskExperts } from '#services/achievements/ask-experts.ts'
import { createBadgeDesigns } from '#services/achievements/badge-designs.ts'
import { createBrowseCatalogue } from '#services/achievements/browse-catalogue.ts'
import { createCopyAchievements } from '#services/achievements/copy-achievements.ts'
import { createEndAchievements } from '#services/achievements/end-achievements.ts'
import { createFindAlignmentTargets } from '#services/achievements/find-alignment-targets.ts'
import { createFrameworkImportJob } from '#services/achievements/framework-import-job.ts'
import { createHouseStyles } from '#services/achievements/house-styles.ts'
import { createImages } from '#services/achievements/images.ts'
import { createImportFrameworks } from '#services/achievements/import-frameworks.ts'
import { createManageAchievements } from '#services/achievements/manage-achievements.ts'
import { createManageAssessors } from '#services/achievements/manage-assessors.ts'
import { createPublishedAchievements } from '#services/achievements/published-achievements.ts'
import { createReadSharedAchievements } from '#services/achievements/read-shared-achievements.ts'
import { createReviewAchievements } from '#services/achievements/review-achievements.ts'
import { createShareAchievements } from '#services/achievements/share-achievements.ts'
import { createManageIssuers } from '#services/issuers/manage-issuers.ts'
import { createReportCompromise } from '#services/issuers/report-compromise.ts'
import type { CommonParts } from './common-parts.ts'

/** Issuers, and what their achievements say from the first draft to their end. */
export function composeAchievements(common: CommonParts) {
  const {
    database,
    clock,
    random,
    hashes,
    secretBox,
    suite,
    disclosingKey,
    images,
    audit,
    addLeaf,
    startJob,
    chain,
    wakeUps,
    origin,
    settings,
  } = common
  const sharedAchievements = createReadSharedAchievements({ database })
  return {
    routes: {
      issuers: createManageIssuers({
        database,
        clock,
        random,
        audit,
        keyMaker: localKeyMaker,
        secretBox,
        chain,
        suite,
        wakeUps,
        origin,
      }),
      reportCompromise: createReportCompromise({
        database,
        clock,
        random,
        audit,
        keyMaker: localKeyMaker,
        secretBox,
        startJob,
        wakeUps,
      }),
      achievements: createManageAchievements({
        database,
        clock,
        random,
        hashes,
        audit,
        addLeaf,
        images,
        suite,
        disclosingKey,
        wakeUps,
      }),
      publishedAchievements: createPublishedAchievements({ database, clock }),
      reviewAchievements: createReviewAchievements({ database, clock, random, audit }),
      assessors: createManageAssessors({
        database,
        clock,
        random,
        hashes,
        audit,
        wakeUps,
        origin,
        invitationDays: settings.invitationDays,
      }),
      askExperts: createAskExperts({ database, clock, random, hashes, audit, wakeUps, origin }),
      answerExpertReviews: createAnswerExpertReviews({ database, clock, hashes, audit }),
      shareAchievements: createShareAchievements({ database, clock, random, audit }),
      sharedAchievements,
      copyAchievement: createCopyAchievements({ database, clock, random, audit, sharedAchievements }),
      catalogue: createBrowseCatalogue({ database }),
      importFramework: createImportFrameworks({ database, clock, random, audit, startJob, wakeUps }),
      endAchievements: createEndAchievements({ database, clock, random, audit }),
      alignmentTargets: createFindAlignmentTargets({ database }),
      houseStyles: createHouseStyles({ database, clock, audit }),
      badgeDesigns: createBadgeDesigns({ database, hashes, images }),
      images: createImages({ database, hashes, images }),
    },
    jobKinds: { framework_import: createFrameworkImportJob({ clock, random, audit }) },
  }
}
