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
    'A part of "when" has no operator: give it one, such as event, count, holds, all or any; see docs/rules.md.',
  'rule-ambiguous': 'Several operators stand side by side; say with all, any or nOf how they go together.',
  'rule-group-empty': 'An empty group would be met by everybody; give it at least one part.',
  'rule-negative-alone':
    'A "not" needs a positive part beside it in the same "all"; alone it would be met by everybody.',
  'rule-negative-operand':
    'A "not" stands before one leaf; turn a group round: not (a or b) is not a and not b.',
  'rule-negative-end': 'A "not" that lasts until the deadline or the period needs a rule that has one.',
  'rule-id-unknown': 'No part of the rule has this id.',
  'rule-reset-impossible': 'A penalty resets parts that count events; this one does not.',
  'rule-occurrence-unclear':
    'An award for each period, context or time needs events to tell them by; "unlimited" needs exactly one part that counts events.',
  'rule-range-empty': 'The range ends before it begins.',
  'rule-zone-unknown': 'Write a time zone of the IANA list, such as Europe/Amsterdam.',
  'rule-id-duplicate': 'Two parts have the same id.',
  'rule-too-deep': 'Groups, expressions or prerequisites are nested too deeply; flatten them.',
  'rule-too-large': 'The rule is larger than what can be checked and run quickly; split it.',
  'rule-duration-invalid':
    'Write a duration of fixed length in ISO 8601, such as P90D or PT12H; months have no fixed length.',
  'rule-cel-syntax': 'The expression cannot be read; see the CEL specification.',
  'rule-cel-unsupported': 'This part of CEL is not available in predicates.',
  'rule-regex-unsafe':
    'Write a regular expression that RE2 can run, of moderate size: no look-around, no back-references.',
  'rule-join-mixed':
    'A condition is about the event or about what is joined to it, not about both; split it at "&&".',
  'rule-field-unknown': 'No event has such a field; what a source adds of its own is under event.data.',
  'rule-event-type-unknown':
    'No source sends this type of event; correct its name or add it to the organisation.',
  'rule-type-mismatch': 'A value has a type that does not go with what is asked of it.',
  'rule-not-boolean': 'A predicate must be true or false.',
  'rule-cost-unbounded': 'The expression could take too many steps; take nested macros apart.',
  'rule-achievement-unknown': 'There is no achievement with this slug.',
  'rule-cohort-unknown': 'There is no cohort with this slug.',
  'rule-code-unknown': 'There is no claim code with this slug.',
  'rule-attribute-unknown': 'No attribute of people has this name; declare it first.',
  'rule-result-unknown': 'The achievement has no result description with this id.',
  'rule-cycle': 'An achievement would be its own prerequisite.',
  'rule-quorum-impossible': 'More is asked for than there can be.',
  'rule-window-beyond-retention': 'The window is longer than events are kept.',
} as const satisfies Readonly<Record<string, string>>

export type RuleFaultCode = keyof typeof RULE_FAULTS

/** A rule with warnings can be saved; its author should look at them. */
export const RULE_WARNINGS = {
  'rule-leaf-unfiltered': 'The leaf looks at every event; name an event type, a source or an activity.',
  'rule-dead':
    'No recent event has met this part; perhaps a source names something in another way than the rule expects.',
  'rule-deadline-past': 'The deadline has passed: only events from before it can still count.',
  'rule-renewal-endless':
    'Badges of the achievement have no end, so nothing is ever renewed: give the achievement a "validFor", or leave "renewal" out.',
  'rule-renewal-too-early':
    '"renewal" reaches back to before the badge was earned, and only later events can renew it: make "before" no longer than "validFor".',
  'rule-never-true': 'This can never be true, so the rule can never award because of it.',
} as const satisfies Readonly<Record<string, string>>

export type RuleWarningCode = keyof typeof RULE_WARNINGS
