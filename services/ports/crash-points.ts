/**
 * Named points at which a test may let the process kill itself (`CRASH_AT=name`): between every two steps.
 * In production no point is armed; the configuration refuses `CRASH_AT` there.
 */
/** Of events, rules and their awards, and of every mail, job and delivery. */
export const RULE_CRASH_POINTS = [
  'ingest.before-commit',
  'ingest.after-commit',
  'evaluate.before-commit',
  'evaluate.after-commit',
  'job.before-commit',
  'job.after-commit',
  'issue.before-prepare',
  'issue.prepared',
  'issue.before-store',
  'issue.stored',
  'seal.before-commit',
  'seal.after-commit',
  'send.before-sign',
  'send.signed',
  'send.sent',
  'confirm.before-commit',
  'confirm.after-commit',
  'mail.sent',
  'webhook.claimed',
  'webhook.sent',
  'webhook.stored',
] as const
/** Of what people do. */
const PEOPLE_CRASH_POINTS = [
  'bundle.before-commit',
  'bundle.after-commit',
  'direct-award.before-commit',
  'direct-award.after-commit',
  'claim.before-commit',
  'claim.after-commit',
  'edition.before-sign',
  'edition.before-store',
  'edition.stored',
  'notification.before-commit',
  'digest.before-commit',
  'digest.after-commit',
] as const
/** Of credentials that are signed or handed out when somebody asks for them. */
const CREDENTIAL_CRASH_POINTS = [
  'vc-api.before-sign',
  'vc-api.before-store',
  'vc-api.stored',
  'token.before-store',
  'token.stored',
] as const
/** Of other backpacks that somebody is connected to, and of wallets that take a badge. */
const HOST_CRASH_POINTS = [
  'host-tokens.claimed',
  'host-tokens.answered',
  'host-tokens.stored',
  'host-fetch.claimed',
  'host-fetch.kept',
  'host-fetch.before-commit',
  'host-fetch.after-commit',
  'wallet-offer.before-commit',
  'wallet-offer.after-commit',
  'wallet-token.before-commit',
  'wallet-token.after-commit',
  'wallet-credential.before-commit',
  'wallet-credential.after-commit',
] as const
/** Of the sender, where the chain does not do what it should; and of the chain of the audit trail. */
const CHAIN_CRASH_POINTS = ['lost.moved', 'hurry.stored', 'nonce.filled', 'audit.before-commit'] as const
/** Of awards that the contract AttestedAward makes. */
export const ATTESTED_CRASH_POINTS = [
  'attested.before-commit',
  'attested.after-commit',
  'attested.entered',
] as const
export const CRASH_POINTS = [
  ...RULE_CRASH_POINTS,
  ...PEOPLE_CRASH_POINTS,
  ...CREDENTIAL_CRASH_POINTS,
  ...HOST_CRASH_POINTS,
  ...CHAIN_CRASH_POINTS,
  ...ATTESTED_CRASH_POINTS,
] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

let armed: { readonly name: CrashPoint; readonly crash: () => void } | undefined

/** Called once at start, from the configuration. */
export function armCrashPoint(name: CrashPoint, crash: () => void): void {
  armed = { name, crash }
}

/** Does not come back when this is the armed point. */
export function crashPoint(name: CrashPoint): void {
  if (armed?.name === name) armed.crash()
}
