import type { Hex } from '#engine/shared/bytes.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { withSources } from './check-sources.ts'
import type {
  AchievementFact,
  AnchorFact,
  EditionFact,
  StatusPurpose,
  VerificationFacts,
} from './verification-facts.ts'
import type {
  AnchorSummary,
  Check,
  CheckName,
  IssuerSummary,
  ListedAs,
  Outcome,
  Verdict,
  VerificationReport,
} from './verification-report.ts'

/**
 * Turns facts into a report.
 * One failed check makes a document invalid, one that could not be made leaves it undecided; what only informs does
 * neither. An issuer that nobody knows leaves it undecided, however good the signature.
 */
export function judge(facts: VerificationFacts): VerificationReport {
  const readable = facts.format.kind === 'readable'
  const checks = readable
    ? [
        judgeFormat(facts),
        judgeSchema(facts),
        judgeProof(facts),
        judgeIssuer(facts),
        judgeStatus(facts),
        judgeValidity(facts),
        judgeAnchor(facts.anchor),
        judgeAchievement(facts.achievement),
        judgeImage(facts),
        judgeEndorsements(facts),
        judgeRecipient(facts),
      ].map((each) => withSources(each, facts))
    : [
        judgeFormat(facts),
        ...UNREADABLE.map((name) =>
          check(name, 'not_applicable', 'unread', 'The document could not be read.'),
        ),
      ]
  const { credential, anchor } = facts
  return {
    verdict: verdictOf(checks),
    checkedAt: facts.checkedAt,
    checks,
    ...(credential === undefined ? {} : { credential }),
    ...('summary' in anchor ? { anchor: anchor.summary } : {}),
    endorsements: facts.endorsements,
    trustLists: facts.trustLists ?? [],
    notProved: notProved(facts),
  }
}

const UNREADABLE: readonly CheckName[] = [
  'schema',
  'proof',
  'issuer',
  'status',
  'validity',
  'anchor',
  'achievement',
  'image',
  'endorsements',
  'recipient',
]

export function verdictOf(checks: readonly Pick<Check, 'outcome' | 'informs'>[]): Verdict {
  const deciding = checks.filter(({ informs }) => informs !== true)
  if (deciding.some(({ outcome }) => outcome === 'failed')) return 'invalid'
  return deciding.some(({ outcome }) => outcome === 'unknown') ? 'undecided' : 'valid'
}

function judgeFormat({ format }: VerificationFacts): Check {
  return format.kind === 'readable'
    ? check('format', 'passed', 'readable', 'The document is a verifiable credential.')
    : check('format', 'failed', format.code, format.detail)
}

/**
 * A breach is told and does not decide: signature, status and dates say whether a badge stands, and a badge of another
 * issuer with a home-made achievement type is unaltered all the same. Ours are held to the schema before they are signed.
 * What names a schema itself, by 1EdTech's type, is to be held to it (Open Badges 3.0, "OpenBadgeCredential Verification", step 1).
 */
function judgeSchema({ schemaFaults, namedSchema }: VerificationFacts): Check {
  if (schemaFaults === undefined) {
    return check(
      'schema',
      'not_applicable',
      'no-schema',
      'No Open Badges 3.0 schema covers this kind of document.',
    )
  }
  const [first] = schemaFaults
  if (first === undefined && namedSchema?.unknown !== undefined) {
    const detail = `The document conforms to the Open Badges 3.0 schema. It also names ${namedSchema.unknown}, which is not known here.`
    return { ...check('schema', 'unknown', 'schema-unknown', detail), informs: true }
  }
  if (first === undefined)
    return check(
      'schema',
      'passed',
      'schema-conforms',
      'The document conforms to the Open Badges 3.0 schema.',
    )
  const detail = `The document breaks the Open Badges 3.0 schema: ${first.path || '/'} ${first.message}.`
  return namedSchema?.isPinned !== true
    ? { ...check('schema', 'failed', 'schema-breached', detail), informs: true }
    : check('schema', 'failed', 'named-schema-breached', detail)
}

/** Every proof must hold. The first that does not gives the code. */
function judgeProof({ proofs, credential, isDidKept }: VerificationFacts): Check {
  const bad =
    proofs.find(({ outcome }) => outcome === 'failed') ?? proofs.find(({ outcome }) => outcome === 'unknown')
  if (bad !== undefined && bad.outcome !== 'passed') return check('proof', bad.outcome, bad.code, bad.detail)
  if (proofs.length === 0) return check('proof', 'failed', 'proof-missing', 'The document has no proof.')
  const { domain, id, recordedAs } = credential?.issuer ?? {}
  if (recordedAs !== undefined) {
    const detail = `The document is unaltered and signed by a key that a chain records for ${id}; no DID document vouches for it any more.`
    return check('proof', 'passed', 'signature-holds-by-chain', detail)
  }
  if (isDidKept === true) {
    const detail = `The document is unaltered and signed by a key of the did.json that was handed in for ${domain ?? id}.`
    return check('proof', 'passed', 'signature-holds-by-kept-did', detail)
  }
  const since = proofs.find((proof) => proof.outcome === 'passed' && proof.compromisedSince !== undefined)
  if (since?.outcome === 'passed' && since.compromisedSince !== undefined) {
    const detail = `The document is unaltered and was in a block before ${formatInstant(since.compromisedSince)}, since when its key is compromised, as ${domain ?? id} says.`
    return check('proof', 'passed', 'signature-holds-by-block', detail)
  }
  return check(
    'proof',
    'passed',
    'signature-holds',
    `The document is unaltered and signed by a key that ${domain ?? id ?? 'the issuer'} published.`,
  )
}

function judgeIssuer({ credential, trustLists }: VerificationFacts): Check {
  const issuer = credential?.issuer
  if (issuer?.recordedAs !== undefined) return judgeRecorded(issuer.recordedAs, issuer)
  const who = issuer?.domain ?? issuer?.id ?? 'The issuer'
  if (issuer?.known === true) {
    const detail =
      issuer.listed === undefined
        ? `${who} is an issuer that this verifier knows.`
        : `${who} is an issuer for whom a trust list vouches: ${vouching(issuer.listed)}.`
    return issuer.knownAs === undefined
      ? check('issuer', 'passed', issuer.listed === undefined ? 'issuer-known' : 'issuer-listed', detail)
      : check(
          'issuer',
          'passed',
          'issuer-known-by-number',
          `${who} has the number ${issuer.knownAs} on chain, by which this verifier knows it.`,
        )
  }
  // That nobody knows it may be because a list that would have known it counts for nothing.
  const useless = (trustLists ?? []).find(({ outcome }) => outcome !== 'passed')
  const hint = useless === undefined ? '' : ` A trust list counts for nothing: ${useless.detail}`
  return check(
    'issuer',
    'unknown',
    'issuer-unknown',
    `${who} is not an issuer that this verifier knows; a good signature does not change that.${hint}`,
  )
}

/** Which list, of whom, as of when. */
function vouching({ list }: ListedAs): string {
  const { name, version, publisher, signedAt } = list
  const asOf = signedAt === undefined ? '' : `, as of ${formatInstant(signedAt)}`
  return `“${name ?? list.from}”, version ${version ?? '?'}, of ${publisher?.domain ?? publisher?.id ?? 'nobody'}${asOf}`
}

/** Anybody can record any DID on a chain: only its number there, which commits to the first key, names an issuer. */
function judgeRecorded(number: Hex, { id, domain, known }: IssuerSummary): Check {
  const who = domain ?? id
  return known
    ? check(
        'issuer',
        'passed',
        'issuer-known-on-chain',
        `${who}, as recorded on chain under ${number}, is an issuer that this verifier knows by that number.`,
      )
    : check(
        'issuer',
        'unknown',
        'issuer-recorded-only',
        `A chain records ${who} under ${number}, where anybody can record any name. Rely on it only if you know that number.`,
      )
}

function judgeStatus(facts: VerificationFacts): Check {
  const { status, edition, checkedAt } = facts
  const at = { at: checkedAt }
  const asOf = `as of ${formatInstant(checkedAt)}`
  switch (status.kind) {
    case 'none':
      return check(
        'status',
        'not_applicable',
        'no-status',
        'The credential names no status list; it cannot be looked up whether it was revoked.',
      )
    case 'clear':
      return { ...judgeClearBit(status.purpose, asOf), ...at }
    case 'other-purpose':
      return {
        ...check(
          'status',
          'not_applicable',
          'status-of-other-purpose',
          'The credential names status lists, but none for revocation or suspension; it cannot be looked up whether it was revoked.',
        ),
        informs: true,
      }
    case 'set':
      return { ...judgeSetBit(status.purpose, edition, asOf), ...at }
    case 'skipped':
      return check(
        'status',
        'unknown',
        'status-not-looked-up',
        'Nothing was fetched, as the proof does not hold.',
      )
    case 'unavailable':
      return (
        judgeBits(facts) ??
        check('status', 'unknown', 'status-unavailable', 'The status list could not be fetched.')
      )
    case 'unsupported':
      return check(
        'status',
        'unknown',
        'status-unsupported',
        `This verifier cannot read a status of the type ${status.type}.`,
      )
    case 'untrusted':
      return (
        judgeBits(facts) ??
        check(
          'status',
          'unknown',
          'status-untrusted',
          `The status list cannot be relied on: ${status.reason}.`,
        )
      )
    case 'malformed':
      return check(
        'status',
        'failed',
        'status-malformed',
        `The status of the credential is malformed: ${status.reason}.`,
      )
    default:
      return unreachable(status)
  }
}

/**
 * What the chain says of a badge whose status list cannot be had: whatever ends an edition sets its bit there too. Only
 * for a list that does not come, or where no issuer is left who could sign one: a list that comes counts for more.
 */
function judgeBits({ status, anchor, credential, checkedAt }: VerificationFacts): Check | undefined {
  if (anchor.kind !== 'on-chain' || anchor.verdict !== 'valid' || anchor.signerListed !== true)
    return undefined
  if (!anchor.revocable) return undefined
  if (status.kind !== 'unavailable' && credential?.issuer?.recordedAs === undefined) return undefined
  const at = anchor.summary.asOf ?? checkedAt
  const asOf = `as of ${asOfBlock(anchor.summary, at)}`
  if (checkedAt - at > MAX_BLOCK_AGE_MS) {
    const detail = `No status list could be read, and what is known of the chain is ${asOf}: too long ago to say that the credential is not revoked now.`
    return { ...check('status', 'unknown', 'revocation-as-of-old-block', detail), at }
  }
  const detail = `No status list could be read; the chain holds no revocation of the credential ${asOf}.`
  return { ...check('status', 'passed', 'not-revoked-on-chain', detail), at }
}

/**
 * Final blocks of public chains are up to half an hour old, and somebody has to put a proof together. Whatever is older
 * may be kept on purpose: a proof from before the revocation, an endpoint that stands still.
 */
const MAX_BLOCK_AGE_MS = 3_600_000

const asOfBlock = ({ asOfBlock: block }: AnchorSummary, time: Instant): string =>
  `${formatInstant(time)}${block === undefined ? '' : `, block ${block}`}`

const judgeClearBit = (purpose: StatusPurpose, asOf: string): Check =>
  purpose === 'revocation'
    ? check('status', 'passed', 'not-revoked', `The credential was not revoked ${asOf}.`)
    : check(
        'status',
        'passed',
        'not-suspended',
        `The credential was not suspended ${asOf}; it names no list of revocations.`,
      )

function judgeSetBit(purpose: StatusPurpose, edition: EditionFact | undefined, asOf: string): Check {
  if (edition?.kind === 'superseded') {
    const detail = `A newer edition of this credential has taken its place, ${asOf}: see ${edition.page}.`
    return { ...check('status', 'failed', 'superseded', detail), see: edition.page }
  }
  const isSuspended = purpose === 'suspension' || edition?.kind === 'suspended'
  const why = edition?.reason === undefined ? {} : { reason: edition.reason }
  return isSuspended
    ? {
        ...check('status', 'failed', 'suspended', `The issuer has suspended the credential, ${asOf}.`),
        ...why,
      }
    : { ...check('status', 'failed', 'revoked', `The issuer has revoked the credential, ${asOf}.`), ...why }
}

function judgeValidity({ credential, checkedAt }: VerificationFacts): Check {
  const { validFrom, validUntil } = credential ?? {}
  if (validFrom !== undefined && validFrom > checkedAt) {
    return check(
      'validity',
      'failed',
      'not-yet-valid',
      `The credential is valid from ${formatInstant(validFrom)} on.`,
    )
  }
  if (validUntil !== undefined && validUntil <= checkedAt) {
    return check('validity', 'failed', 'expired', `The credential expired at ${formatInstant(validUntil)}.`)
  }
  return validUntil === undefined
    ? check('validity', 'passed', 'no-end', 'The credential has begun and has no end.')
    : check('validity', 'passed', 'in-date', `The credential is valid until ${formatInstant(validUntil)}.`)
}

/** What is to be said of a receipt and the chain that it leads to. */
export function judgeAnchor(anchor: AnchorFact): Check {
  switch (anchor.kind) {
    case 'no-receipt':
      return check(
        'anchor',
        'not_applicable',
        'no-receipt',
        'No receipt came with the document, so no anchor was looked up.',
      )
    case 'disclosure':
      return check(
        'anchor',
        'not_applicable',
        'disclosure-not-anchored',
        'The document shows what its holder chose of a longer one: no receipt is about it.',
      )
    case 'malformed':
      return check('anchor', 'failed', 'receipt-malformed', `The receipt cannot be read: ${anchor.reason}.`)
    case 'mismatch':
      return check('anchor', 'failed', 'receipt-mismatch', `The receipt does not fit: ${anchor.reason}.`)
    case 'unavailable':
      return check(
        'anchor',
        'unknown',
        'chain-unavailable',
        'The receipt fits the document, but the chain could not be asked for its batch.',
      )
    case 'not-on-chain':
      return check(
        'anchor',
        'unknown',
        'batch-not-on-chain',
        'The receipt fits the document, but the chain does not hold its batch (yet).',
      )
    case 'refused':
      return check('anchor', 'unknown', anchor.code, refusal(anchor))
    case 'on-chain':
      return judgeRecord(anchor)
    default:
      return unreachable(anchor)
  }
}

/** A proof that cannot be relied on says nothing, for or against: the same badge may have a good one. */
function refusal({ code, block }: AnchorFact & { readonly kind: 'refused' }): string {
  const which =
    block === undefined
      ? 'a block'
      : `block ${block.hash} (number ${block.block}, ${formatInstant(block.time)})`
  switch (code) {
    case 'state-proof-malformed':
      return 'The receipt fits the document, but what was handed in beside it is no proof of a batch.'
    case 'state-proof-elsewhere':
      return 'The receipt fits the document, but the proof is of another chain, contract or batch, or not whole.'
    case 'state-proof-wrong':
      return 'The receipt fits the document, but the proof does not follow from its block: something in it was changed.'
    case 'state-proof-other-contract':
      return 'The receipt fits the document, but by the proof its block does not have the contract there.'
    case 'block-unconfirmed':
      return `The receipt fits the document, and all else follows from ${which}. Nobody named that block as one of the chain.`
    case 'block-differs':
      return `The receipt fits the document, but the proof follows from ${which}, and not from the block that was named.`
    default:
      return unreachable(code)
  }
}

function judgeRecord(anchor: AnchorFact & { readonly kind: 'on-chain' }): Check {
  const { summary } = anchor
  if (anchor.verdict !== 'valid') return judgeRefusal(anchor.verdict)
  if (anchor.signerListed === false) {
    return check(
      'anchor',
      'failed',
      'anchor-not-by-issuer',
      'The account that anchored is not one that the issuer lists.',
    )
  }
  const when = summary.anchoredAt === undefined ? '' : ` at ${formatInstant(summary.anchoredAt)}`
  if (anchor.signerListed === undefined) {
    return check(
      'anchor',
      'unknown',
      'anchor-signer-unlisted',
      `The document was anchored${when}, but whether by its issuer could not be told.`,
    )
  }
  const asOf =
    summary.asOf === undefined ? '' : `, as the chain has it as of ${asOfBlock(summary, summary.asOf)}`
  return summary.independent === true
    ? check('anchor', 'passed', 'anchored', `The document existed no later than its block${when}${asOf}.`)
    : check(
        'anchor',
        'passed',
        'anchored-not-independent',
        `The document was anchored${when} on a chain that is not known to be independent of its issuer${asOf}.`,
      )
}

function judgeRefusal(verdict: 'not_in_batch' | 'revoked' | 'unauthorised'): Check {
  switch (verdict) {
    case 'not_in_batch':
      return check(
        'anchor',
        'failed',
        'anchor-not-in-batch',
        'The batch on chain does not hold the document: its size differs.',
      )
    case 'revoked':
      return check('anchor', 'failed', 'anchor-revoked', 'The anchor of the document was revoked on chain.')
    case 'unauthorised':
      return check(
        'anchor',
        'failed',
        'anchor-unauthorised',
        'The account that anchored may not act for the issuer.',
      )
    default:
      return unreachable(verdict)
  }
}

/**
 * A withdrawn achievement makes no badge false: it says that the issuer does not stand behind the badge class any more,
 * and why. What becomes of single badges, revoking them says.
 */
function judgeAchievement(achievement: AchievementFact): Check {
  const told = (outcome: Outcome, code: string, detail: string): Check => ({
    ...check('achievement', outcome, code, detail),
    informs: true,
  })
  switch (achievement.kind) {
    case 'not-looked-up':
      return told(
        'not_applicable',
        'achievement-not-looked-up',
        'Whether its issuer still stands behind the achievement was not looked up.',
      )
    case 'unavailable':
      return told(
        'unknown',
        'achievement-unavailable',
        'Whether its issuer still stands behind the achievement could not be looked up.',
      )
    case 'stands':
      return told(
        'passed',
        'achievement-stands',
        'The achievement is awarded in this version or a newer one.',
      )
    case 'retired':
      return told(
        'passed',
        'achievement-retired',
        'The achievement is no longer awarded; badges that were given stay what they are.',
      )
    case 'withdrawn':
      return {
        ...told(
          'failed',
          'achievement-withdrawn',
          `The issuer withdrew this version of the achievement at ${formatInstant(achievement.at)}. That alone takes no badge back.`,
        ),
        at: achievement.at,
        reason: achievement.reason,
      }
    default:
      return unreachable(achievement)
  }
}

/** Praise that does not hold takes nothing from the badge, so endorsements inform and never decide. */
function judgeEndorsements({ endorsements, endorsementsLeftOut = 0 }: VerificationFacts): Check {
  const all = endorsements.length
  const of = (verdict: Verdict) =>
    endorsements.filter((endorsement) => endorsement.verdict === verdict).length
  const told = (outcome: Outcome, code: string, detail: string): Check => ({
    ...check('endorsements', outcome, code, detail),
    informs: true,
  })
  if (all === 0) return told('not_applicable', 'no-endorsements', 'No endorsement came with the document.')
  if (of('invalid') > 0)
    return told('failed', 'endorsement-does-not-hold', `${of('invalid')} of ${all} endorsements do not hold.`)
  if (endorsementsLeftOut > 0) {
    return told(
      'unknown',
      'endorsements-left-out',
      `Only the first ${all} of ${all + endorsementsLeftOut} endorsements were looked at.`,
    )
  }
  if (of('undecided') > 0) {
    return told(
      'unknown',
      'endorsement-undecided',
      `${of('undecided')} of ${all} endorsements could not be decided, as where the endorser is not known.`,
    )
  }
  return told(
    'passed',
    'endorsements-hold',
    all === 1 ? 'The endorsement holds.' : `All ${all} endorsements hold.`,
  )
}

/** A good badge under another picture shows what its issuer never gave. */
function judgeImage({ picture }: VerificationFacts): Check {
  switch (picture) {
    case undefined:
      return check(
        'image',
        'not_applicable',
        'image-not-brought',
        'The document came without a picture around it.',
      )
    case 'same':
      return check('image', 'passed', 'image-fits', 'The picture is the very one that the document names.')
    case 'other':
      return check(
        'image',
        'failed',
        'image-swapped',
        'The picture is another than the one that the document names.',
      )
    case 'not-named':
      return check(
        'image',
        'not_applicable',
        'image-without-digest',
        'The document names no digest of its picture, so any picture may be around it.',
      )
    default:
      return unreachable(picture)
  }
}

/** Whoever asks wants to know it of this person, so the answer decides; a badge that names nobody leaves it open. */
function judgeRecipient({ recipient }: VerificationFacts): Check {
  switch (recipient) {
    case undefined:
      return check(
        'recipient',
        'not_applicable',
        'recipient-not-asked',
        'Nobody was named to be compared with the one whom the document names.',
      )
    case 'yes':
      return check(
        'recipient',
        'passed',
        'recipient-matches',
        'The document names the one who was named here.',
      )
    case 'no':
      return check(
        'recipient',
        'failed',
        'recipient-differs',
        'The document names somebody else than the one who was named here.',
      )
    case 'unknown':
      return check(
        'recipient',
        'unknown',
        'recipient-not-told',
        'The document names nobody in a way that could be compared with the one who was named here.',
      )
    default:
      return unreachable(recipient)
  }
}

function notProved({ anchor, credential, isDidKept, recipient }: VerificationFacts): readonly string[] {
  const statements = [
    'That the person who shows this badge is the one who earned it.',
    'That what the issuer says of the earner is true, or that the issuer is accredited.',
  ]
  const { issuer } = credential ?? {}
  if (recipient === 'yes')
    statements.push('That whoever shows this badge holds the address or number that was compared.')
  if (issuer?.listed !== undefined)
    statements.push(
      `That the trust list is right: ${issuer.listed.list.publisher?.domain ?? 'its publisher'} answers for who stands in it.`,
    )
  if (isDidKept === true && issuer?.recordedAs === undefined)
    statements.push(
      `That the did.json that was handed in is what ${issuer?.domain ?? 'the issuer'} publishes.`,
    )
  if (anchor.kind === 'disclosure')
    statements.push('That this is all that the issuer said: its earner may have left parts out.')
  if (anchor.kind !== 'on-chain')
    return [...statements, 'When the document came to be: no anchor was read on a chain.']
  statements.push(
    'When the badge was awarded: an anchor shows that these bytes existed no later than its block.',
  )
  const { asOf } = anchor.summary
  if (asOf !== undefined)
    statements.push(`What the chain has held since ${asOfBlock(anchor.summary, asOf)}, such as a revocation.`)
  if (!anchor.isProved)
    statements.push('That the endpoint of the chain told the truth: nothing that it said was proved.')
  if (anchor.summary.independent !== true) {
    statements.push(
      `That the time of the anchor is right: the chain may be run by ${credential?.issuer?.domain ?? 'the issuer'} itself or its service.`,
    )
  }
  return statements
}

const check = (name: CheckName, outcome: Outcome, code: string, detail: string): Check => ({
  name,
  outcome,
  code,
  detail,
})
