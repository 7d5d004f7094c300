/** What can be done about an endorsement: `sign` and `reject` by the endorser, the others by who asked. */
export const endorsementActs = (state: string): readonly string[] => ACTS.get(state) ?? []

const OPEN = ['sign', 'reject', 'link']
const ACTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['requested', OPEN],
  ['viewed', OPEN],
  ['signed', ['publish']],
  ['published', ['hide']],
])
