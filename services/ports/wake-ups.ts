/** The steps of the road, each a claim loop over rows in some state. */
export const STEPS = [
  'evaluate',
  'timers',
  'jobs',
  'issue',
  'expire',
  'direct_awards',
  'audit',
  'anchor',
  'send',
  'confirm',
  'reconcile',
  'attested',
  'mail',
  'webhooks',
  'host_fetches',
  'wallet_offers',
] as const
export type Step = (typeof STEPS)[number]

/** Tells a worker, somewhere, that a step may have rows to claim. */
export interface WakeUps {
  /**
   * Call it after the commit that wrote the rows. One wake-up a step waits at most, and none carries an id.
   * Never throws and takes under a second: a wake-up that is lost is made good by the sweeper.
   */
  wake(step: Step): Promise<void>
}
