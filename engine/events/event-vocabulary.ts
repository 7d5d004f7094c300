/**
 * The short event types that rules are written with. A source's own type that is none of them stays as it is;
 * an organisation lists those that its sources send, so that a slip in a rule is noticed.
 */
export const EVENT_TYPES: ReadonlySet<string> = new Set([
  ...[
    'answered',
    'asked',
    'attempted',
    'attended',
    'awarded',
    'commented',
    'completed',
    'enrolled',
    'exited',
  ],
  ...[
    'experienced',
    'failed',
    'graded',
    'initialized',
    'interacted',
    'launched',
    'mastered',
    'passed',
    'preferred',
  ],
  ...['progressed', 'registered', 'responded', 'resumed', 'satisfied', 'scored', 'shared', 'submitted'],
  ...['suspended', 'terminated', 'unenrolled', 'viewed', 'voided', 'waived', 'abandoned', 'withdrawn'],
])

/** Where the verbs of ADL, cmi5 and the xAPI registry live: the last part of such an IRI is the name. */
const VERB_HOMES = [
  'http://adlnet.gov/expapi/verbs/',
  'https://adlnet.gov/expapi/verbs/',
  'http://www.adlnet.gov/expapi/verbs/',
  'https://w3id.org/xapi/adl/verbs/',
]

/** Verbs of other registries that say the same by another name. */
const OTHER_VERBS: ReadonlyMap<string, string> = new Map([
  ['http://activitystrea.ms/schema/1.0/attend', 'attended'],
  ['http://activitystrea.ms/schema/1.0/complete', 'completed'],
  ['http://activitystrea.ms/schema/1.0/experience', 'experienced'],
  ['http://activitystrea.ms/schema/1.0/share', 'shared'],
  ['http://activitystrea.ms/schema/1.0/submit', 'submitted'],
  ['http://activitystrea.ms/complete', 'completed'],
  ['http://activitystrea.ms/submit', 'submitted'],
  ['http://id.tincanapi.com/verb/viewed', 'viewed'],
  ['http://id.tincanapi.com/verb/earned', 'awarded'],
  ['http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan', 'enrolled'],
  ['http://www.tincanapi.co.uk/verbs/evaluated', 'graded'],
])

/**
 * The short name of a type: `completed` for itself, for `org.example.lms.completed` and for the xAPI verb.
 * Anything else stays verbatim.
 */
export function shortEventType(type: string): string {
  if (EVENT_TYPES.has(type)) return type
  const other = OTHER_VERBS.get(type)
  if (other !== undefined) return other
  const home = VERB_HOMES.find((prefix) => type.startsWith(prefix))
  const name = home === undefined ? type.slice(type.lastIndexOf('.') + 1) : type.slice(home.length)
  return EVENT_TYPES.has(name) ? name : type
}
