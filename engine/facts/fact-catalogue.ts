import type { AttributeType } from './attribute-value.ts'

/** What an organisation has that rules may ask for by name: a rule that names anything else is refused when it is saved. */
export interface FactCatalogue {
  /** Ids of cohorts by slug. */
  readonly cohorts: ReadonlyMap<string, string>
  readonly attributes: ReadonlyMap<string, AttributeType>
  /** Ids of claim codes by slug. */
  readonly codes: ReadonlyMap<string, string>
}
