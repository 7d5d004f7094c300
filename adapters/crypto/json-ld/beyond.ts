/**
 * Says that the quick way ends here: a document has something that it does not know, or that is wrong. What to make of it
 * is for the library to say.
 */
export class Beyond extends Error {
  override readonly name = 'Beyond'
}

/** Says that a document comes to more work than was given. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork'
}

/** Counts work, so that it ends: a unit is about the work of one character of N-Quads. */
export interface Work {
  spend(units: number): void
}

export function limitedWork(most: number): Work {
  let left = most
  return {
    spend: (units) => {
      left -= units
      if (left < 0) throw new TooMuchWork()
    },
  }
}
