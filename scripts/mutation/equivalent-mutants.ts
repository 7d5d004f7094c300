/** Mutants that change nothing that anybody could see, by name, with the reason. */
export const EQUIVALENT: Readonly<Record<string, string>> = {}
