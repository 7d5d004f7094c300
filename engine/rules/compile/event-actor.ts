/** The path of a rule that awards whoever did it. */
export const ACTOR = 'event.actor'
