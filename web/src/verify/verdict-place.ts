/** Where a report stands: it is the page, it is below something else, or it is one of several in a presentation. */
export type VerdictPlace = 'page' | 'inline' | 'part'
