/**
 * Every code that a rule document can be refused or warned with, and what to do about it.
 * The documentation is generated from this list.
 */
export const RULE_FAULTS = {
  'rule-shape': 'A member has the wrong JSON type or a value that is not allowed there; see docs/rules.md.',
  'rule-schema-unknown': 'The document does not say "schema": "waarmerk-rule/1".',
  'rule-member-unknown': 'There is no such member here; correct its name or remove it.',
  'rule-member-missing': 'A member that must be there is missing.',
  'rule-operator-missing':
    'A part of "when" has no operator: give it one of event, count, distinctOf, holds, all, any, nOf, not.',
  'rule-operator-unsupported':
    'This operator or option is not available yet; nothing of a rule is ever ignored.',
  'rule-ambiguous': 'Several operators stand side by side; say with all, any or nOf how they go together.',
  'rule-group-empty': 'An empty group would be met by everybody; give it at least one part.',
  'rule-negative-alone':
    'A "not" needs a positive part beside it in the same "all"; alone it would be met by everybody.',
  'rule-id-duplicate': 'Two parts have the same id.',
  'rule-too-deep': 'Groups, expressions or prerequisites are nested too deeply; flatten them.',
  'rule-too-large': 'The rule is larger than what can be checked and run quickly; split it.',
  'rule-duration-invalid':
    'Write a duration of fixed length in ISO 8601, such as P90D or PT12H; months have no fixed length.',
  'rule-cel-syntax': 'The expression cannot be read; see the CEL specification.',
  'rule-cel-unsupported': 'This part of CEL is not available in predicates.',
  'rule-field-unknown': 'No event has such a field; what a source adds of its own is under event.data.',
  'rule-event-type-unknown':
    'No source sends this type of event; correct its name or add it to the organisation.',
  'rule-type-mismatch': 'A value has a type that does not go with what is asked of it.',
  'rule-not-boolean': 'A predicate must be true or false.',
  'rule-cost-unbounded': 'The expression could take too many steps; take nested macros apart.',
  'rule-achievement-unknown': 'There is no achievement with this slug.',
  'rule-cycle': 'An achievement would be its own prerequisite.',
  'rule-quorum-impossible': 'More is asked for than there can be.',
  'rule-window-beyond-retention': 'The window is longer than events are kept.',
} as const satisfies Readonly<Record<string, string>>

export type RuleFaultCode = keyof typeof RULE_FAULTS

/** A rule with warnings can be saved; its author should look at them. */
export const RULE_WARNINGS = {
  'rule-leaf-unfiltered': 'The leaf looks at every event; name an event type, a source or an activity.',
  'rule-never-true': 'This can never be true, so the rule can never award because of it.',
} as const satisfies Readonly<Record<string, string>>

export type RuleWarningCode = keyof typeof RULE_WARNINGS
