import { defineError } from '#engine/errors/define-error.ts'
import type { VersionAct } from './achievement-life-cycle.ts'
import type { MandateState } from './assessor-mandate.ts'
import type { ContrastFinding } from './badge-contrast.ts'
import type { ExpertReviewState } from './expert-review.ts'
import type { MissingMember } from './required-members.ts'

export const achievementErrors = {
  achievementSlugTaken: defineError<{ slug: string }>(
    'achievement-slug-taken',
    409,
    false,
    'The organisation has an achievement with this slug. Choose another, or make a new version of that one.',
    ({ slug }) => `There is an achievement ${slug} already.`,
  ),
  versionStateWrong: defineError<{
    version: number
    state: string
    move: VersionAct
    possible: readonly VersionAct[]
  }>(
    'version-state-wrong',
    409,
    false,
    'A version goes from draft to in_review, approved, published, and is retired or withdrawn at last; only a draft is edited, and of what was published a new version is made. `parameters.possible` says what can be done with it now; a draft needs a review where the organisation wants one.',
    ({ version, state, move, possible }) =>
      `Version ${version} is ${state}, and to ${move} it is not possible now. ${possible.length === 0 ? 'Nothing more can be done with it.' : `What can be done: ${possible.join(', ')}.`}`,
  ),
  achievementInUse: defineError<{ rules: readonly { ruleId: string; name: string; version: number }[] }>(
    'achievement-in-use',
    409,
    false,
    'An active rule awards this version, and would go on promising what is no longer given. Pause the rules in `parameters.rules`, or bring them into force with another version, first.',
    ({ rules }) =>
      `It is awarded by active rules: ${rules.map(({ name }) => name).join(', ')}. Pause them first.`,
  ),
  mandateNeeded: defineError<{ achievementId: string; state: 'none' | MandateState }>(
    'mandate-needed',
    403,
    false,
    'The achievement has assessors: only they approve and refuse its awards, each within the dates of their mandate. `parameters.state` says what became of the caller’s own (`none`, `invited`, `upcoming`, `over`, `left`, `ended`). Ask an administrator for a mandate, or leave it to an assessor.',
    ({ achievementId, state }) =>
      `Achievement ${achievementId} is assessed by its assessors, and your mandate is ${state === 'none' ? 'not there' : state}.`,
  ),
  mandateClosed: defineError<{ state: MandateState; possible: readonly string[] }>(
    'mandate-closed',
    409,
    false,
    'A mandate is ended once, and only the invitation to one that nobody has accepted yet is sent again. Give a new one.',
    ({ state }) => `The mandate is ${state}.`,
  ),
  assessorUnfit: defineError(
    'assessor-unfit',
    422,
    false,
    'An assessor reads what they assess. Give the member the right `read` on the unit of the issuer or above it first.',
    () => 'This member may not read the achievement.',
  ),
  criterionUnknown: defineError<{ criteria: readonly string[] }>(
    'criterion-unknown',
    422,
    false,
    'A mandate names criteria by their id (`criteriaItems`) in a version of the achievement. Name others, or none for all.',
    ({ criteria }) => `The achievement has no criterion ${criteria.join(', ')}.`,
  ),
  versionNotInReview: defineError<{ version: number; state: string; possible: readonly string[] }>(
    'version-not-in-review',
    409,
    false,
    'Experts see a version while it is reviewed (in_review or approved): a draft may say something else tomorrow, and what is published is not reviewed before. `parameters.possible` says what can be done.',
    ({ version, state }) => `Version ${version} is ${state}, and not in review.`,
  ),
  expertReviewOpen: defineError<{ expertReviewId: string }>(
    'expert-review-open',
    409,
    false,
    'This address is asked about this version already. Wait for the answer, or withdraw the request and ask again.',
    ({ expertReviewId }) => `There is an open request ${expertReviewId} already.`,
  ),
  expertReviewUnknown: defineError(
    'expert-review-unknown',
    404,
    false,
    'The link is not one of ours, or cut short. Open it from the mail again.',
    () => 'This link leads to no request.',
  ),
  expertReviewClosed: defineError<{ state: ExpertReviewState; possible: readonly string[] }>(
    'expert-review-closed',
    409,
    false,
    'A request is answered, declined, withdrawn or expired once, and for good; it is viewed before it is answered. `parameters.possible` says what can be done.',
    ({ state }) => `The request is ${state}.`,
  ),
  expertReviewOutdated: defineError(
    'expert-review-outdated',
    409,
    false,
    'The version was edited after it was shown. Read it again, and answer about what it says now.',
    () => 'The badge was changed meanwhile.',
  ),
  expertReviewsMissing: defineError<{
    need: number
    have: number
    missing: number
    disagree: number
    open: number
    stale: number
  }>(
    'expert-reviews-missing',
    409,
    false,
    'The organisation publishes a badge of this type after as many experts agreed (`need`) with what it says now. `parameters` counts those who do (`have`), who do not (`disagree`), who have not answered (`open`) and whose answer is about an earlier text (`stale`). Ask more of them while the version is in review.',
    ({ need, have, missing }) =>
      `${have} of ${need} experts agree with what it says now: ${missing} ${missing === 1 ? 'is' : 'are'} missing.`,
  ),
  versionNotShareable: defineError<{ version: number; state: string; possible: readonly string[] }>(
    'version-not-shareable',
    409,
    false,
    'Only a version that was published, and not withdrawn since, is shared and copied: it never changes. Publish it first.',
    ({ version, state }) => `Version ${version} is ${state}, and neither published nor retired.`,
  ),
  shareOpen: defineError<{ shareId: string }>(
    'share-open',
    409,
    false,
    'This version is shared with this organisation already. Withdraw that share to share it otherwise.',
    ({ shareId }) => `There is a share ${shareId} already.`,
  ),
  shareWithdrawn: defineError<{ state: 'withdrawn'; possible: readonly string[] }>(
    'share-withdrawn',
    409,
    false,
    'A share is withdrawn once. Share the version again where you want to.',
    () => 'This share was withdrawn already.',
  ),
  copyNotAllowed: defineError(
    'copy-not-allowed',
    403,
    false,
    'Its organisation shows it, and does not let it be copied. Ask them for a share of the kind `copy`.',
    () => 'This achievement may be seen, and not copied.',
  ),
  frameworkBundled: defineError<{ framework: string }>(
    'framework-bundled',
    409,
    false,
    'A framework of this id comes along with the product. Import yours under another id.',
    ({ framework }) => `There is a framework ${framework} already, which came along.`,
  ),
  frameworkImportRunning: defineError<{ framework: string; jobId: string }>(
    'framework-import-running',
    409,
    true,
    'One import of a framework runs at a time. Wait until the job `jobId` is over, or cancel it.',
    ({ framework }) => `The framework ${framework} is being imported.`,
  ),
  frameworkUnreadable: defineError<{ row: number; reason: string }>(
    'framework-unreadable',
    422,
    false,
    'Nothing of the file can be taken: see `row` (0 is the header) and `reason`. Look at the format, its encoding (UTF-8) and the names of the columns. Nothing was imported.',
    ({ row, reason }) => `The file cannot be read at row ${row}: ${reason}.`,
  ),
  draftExists: defineError<{ version: number; state: string; possible: readonly VersionAct[] }>(
    'draft-exists',
    409,
    false,
    'An achievement has one open version at a time, from draft to approved. `parameters.possible` says what can be done with it: publish it before there is a next one.',
    ({ version, state, possible }) =>
      `Version ${version} is still ${state}. What can be done with it: ${possible.join(', ')}.`,
  ),
  languageMissing: defineError<{ language: string; field: string }>(
    'language-missing',
    422,
    false,
    'Name, description, criteria and every other text that is there must exist in the language in which credentials are issued.',
    ({ language, field }) => `There is no ${field} in the language ${language}.`,
  ),
  resultDescriptionUnfit: defineError<{ pointer: string; reason: string }>(
    'result-description-unfit',
    422,
    false,
    'The values of a result of type Percent, RawScore, ScaledScore or GradePointAverage, and of any whose bounds are numbers, are numbers: write `valueMin`, `valueMax` and `requiredValue` like 7.5, the least not above the most, and what is required between them.',
    ({ pointer, reason }) => `The description of a result has a fault: ${pointer} ${reason}.`,
  ),
  durationInvalid: defineError<{ field: string }>(
    'duration-invalid',
    422,
    false,
    'Write an ISO 8601 duration such as P2Y or P18M, at most a thousand years.',
    ({ field }) => `${field} is not a duration such as P2Y.`,
  ),
  achievementNotPublished: defineError<{
    achievementId: string
    state: string
    possible: readonly VersionAct[]
  }>(
    'achievement-not-published',
    409,
    false,
    'An achievement is awarded in its published version. Publish one first: `parameters.state` is that of its newest version, and `parameters.possible` says what can be done with it.',
    ({ achievementId, state }) =>
      `Achievement ${achievementId} has no published version: its newest one is ${state}.`,
  ),
  achievementIncomplete: defineError<{ missing: readonly MissingMember[] }>(
    'achievement-incomplete',
    422,
    false,
    'A badge of this type must say more before it is published: `parameters.missing` names each place by JSON Pointer into the definition, and docs/achievements.md has the table. Edit the draft, or choose another badgeType.',
    ({ missing }) =>
      `Before it can be published, ${missing.length === 1 ? 'one thing is' : `${missing.length} things are`} missing: ${missing.map(({ pointer }) => pointer).join(', ')}.`,
  ),
  contrastTooLow: defineError<{
    part: ContrastFinding['part']
    ratio: number
    needed: number
    proposal: string
  }>(
    'contrast-too-low',
    422,
    false,
    'The name of a badge must be readable and its symbol recognised: `text` is at least 4.5 : 1 apart from `primary`, `secondary` at least 3 : 1, as WCAG 2.2 counts. `parameters.part` says which is not (`text`, or `graphics` for `secondary`), `ratio` how far they are, and `proposal` the nearest colour that is far enough.',
    ({ part, ratio, needed, proposal }) =>
      `${part === 'text' ? 'Text' : 'Border and symbol'} on the primary colour ${part === 'text' ? 'has' : 'have'} a contrast of ${ratio} : 1, and ${part === 'text' ? 'needs' : 'need'} ${needed} : 1: ${proposal} would do.`,
  ),
  levelWordUnknown: defineError<{ level: number; levels: number }>(
    'level-word-unknown',
    422,
    false,
    'A level of a picture is a place in the level words of the house style, from 0: lowest first. See `GET /v1/organisations/house-style`.',
    ({ level, levels }) =>
      `The house style has ${levels} level ${levels === 1 ? 'word' : 'words'}, and none at place ${level}.`,
  ),
  letterUnknown: defineError<{ letters: readonly string[] }>(
    'letter-unknown',
    422,
    false,
    'Pictures are drawn with a font that has Latin, Greek and Cyrillic letters. Write it with those, or upload a picture.',
    ({ letters }) => `The font of the pictures has no ${letters.join(' ')}.`,
  ),
  imageTooLarge: defineError<{ width: number; height: number; most: number }>(
    'image-too-large',
    422,
    false,
    'A picture is at most `parameters.most` pixels wide and high. It was not looked into further. Make it smaller; badges are shown at 512 pixels.',
    ({ width, height, most }) => `The picture is ${width} × ${height} pixels, and may be ${most} × ${most}.`,
  ),
  imageActive: defineError<{ parts: readonly string[] }>(
    'image-active',
    422,
    false,
    'The SVG would do or fetch something where it is shown, and a badge is a picture. `parameters.parts` says what is in it: `script`, `event-handler`, `foreign-object`, `external-reference` (addresses outside of the file), `document-type` (entities), `animation`. Save it as a plain SVG, or as PNG.',
    ({ parts }) => `The picture is more than a picture: it has ${parts.join(', ')}.`,
  ),
  imageUnknown: defineError<{ image: string }>(
    'image-unknown',
    422,
    false,
    'Upload the image first (POST /v1/images) and use the id that comes back.',
    ({ image }) => `There is no image ${image}.`,
  ),
} as const
