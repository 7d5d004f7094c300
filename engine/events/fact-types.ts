/**
 * Event types by which we ourselves say what is known of a person. A fact is an event: one log, one evaluation, one
 * correction and one replay serve both. `activity` names what the fact is about; nobody else may send these types.
 */
export const FACT_TYPES = {
  /** Joined (`data.member` is true) or left the cohort. */
  cohort: 'waarmerk.cohort',
  /** The attribute has `data.value` from now on; null: none. */
  attribute: 'waarmerk.attribute',
  /** `data.level` was reached in the item of a framework. */
  competency: 'waarmerk.competency',
  /** The claim code was entered. */
  code: 'waarmerk.code',
  /** Somebody (`data.nominator`) nominated the person for the achievement. */
  nomination: 'waarmerk.nomination',
  /** A badge of another issuer is held: its signature was verified. */
  badge: 'waarmerk.badge',
  /** An `AttestedAward` was completed on chain. */
  attested: 'waarmerk.attested',
} as const
