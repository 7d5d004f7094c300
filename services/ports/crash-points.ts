/**
 * Named points at which a test may let the process kill itself (`CRASH_AT=name`): between every two steps.
 * In production no point is armed; the configuration refuses `CRASH_AT` there.
 */
export const CRASH_POINTS = [
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
