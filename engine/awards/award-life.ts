export const AWARD_STATES = [
  'granted',
  'awaiting_approval',
  'due',
  'awaiting_endorsement',
  'issued',
  'revoked',
  'expired',
  'superseded',
  'refused',
] as const
export type AwardState = (typeof AWARD_STATES)[number]

/** Why the bit of an edition is set. */
export type EditionEnd = 'revoked' | 'suspended' | 'superseded'
/** Why an edition was made. */
export type EditionCause = 'issued' | 'corrected' | 'reinstated' | 'reissued'

/** One edition of a credential, as far as its life goes. Its bit is set exactly where it has an end. */
export interface EditionLife {
  readonly edition: number
  readonly cause: EditionCause
  readonly state: 'prepared' | 'signed'
  readonly end?: EditionEnd
  /** Signing it has failed too often: the next edition takes its place. */
  readonly isParked?: boolean
}

/** An award with the editions of its credential, oldest first. */
export interface AwardLife {
  readonly state: AwardState
  readonly editions: readonly EditionLife[]
}

/** What people do with an award that has been issued. */
export const AWARD_STEPS = ['correct', 'reissue', 'suspend', 'reinstate', 'revoke', 'renew'] as const
export type AwardStep = (typeof AWARD_STEPS)[number]
/** What the product does by itself: it signs what was prepared, and time or a renewal ends what was issued. */
export type AwardTurn = AwardStep | 'sign' | 'expire' | 'supersede'

/** The edition that the world has: the newest one that was signed. */
export const currentEdition = <E extends Pick<EditionLife, 'state'>>(editions: readonly E[]): E | undefined =>
  editions.filter(({ state }) => state === 'signed').at(-1)

/** The edition that waits to be signed, after one that was. */
export const pendingEdition = <E extends Pick<EditionLife, 'edition' | 'state' | 'isParked'>>(
  editions: readonly E[],
): E | undefined => {
  const last = editions.at(-1)
  return last?.state === 'prepared' && last.edition > 1 && last.isParked !== true ? last : undefined
}

export const isSuspended = ({ state, editions }: AwardLife): boolean =>
  state === 'issued' && currentEdition(editions)?.end === 'suspended'

/** What people may do with it now. */
export function possibleSteps(life: AwardLife): readonly AwardStep[] {
  const hasPending = pendingEdition(life.editions) !== undefined
  switch (life.state) {
    case 'granted':
    case 'awaiting_approval':
    case 'due':
    case 'awaiting_endorsement':
    case 'superseded':
      return ['revoke']
    case 'issued':
      if (isSuspended(life)) return hasPending ? ['revoke'] : ['reinstate', 'revoke']
      return hasPending ? ['suspend', 'revoke'] : ['correct', 'reissue', 'suspend', 'revoke', 'renew']
    case 'revoked':
      return hasPending || currentEdition(life.editions) === undefined ? [] : ['reinstate']
    case 'expired':
      return ['renew']
    case 'refused':
      return []
  }
}

/** From which states an award is taken back: whatever its editions are, that does not depend on them. */
export const REVOCABLE_STATES: readonly AwardState[] = AWARD_STATES.filter((state) =>
  possibleSteps({ state, editions: [] }).includes('revoke'),
)

/** The same award after a turn; undefined where its state does not allow that. */
export function takeTurn(life: AwardLife, turn: AwardTurn): AwardLife | undefined {
  switch (turn) {
    case 'sign':
      return sign(life)
    case 'expire':
    case 'supersede':
      return life.state === 'issued'
        ? { ...life, state: turn === 'expire' ? 'expired' : 'superseded' }
        : undefined
    default:
      return possibleSteps(life).includes(turn) ? takeStep(life, turn) : undefined
  }
}

function takeStep(life: AwardLife, step: AwardStep): AwardLife {
  const signed = life.editions.filter(({ state, edition }) => state === 'signed' || edition === 1)
  switch (step) {
    case 'correct':
      return { ...life, editions: withNext(signed, 'corrected') }
    case 'reissue':
      return { ...life, editions: withNext(signed, 'reissued') }
    case 'reinstate':
      return { ...life, editions: withNext(signed, 'reinstated') }
    // What has not been signed is dropped: its number goes to the next edition.
    case 'suspend':
      return { ...life, editions: ended(signed, 'suspended') }
    case 'revoke':
      return { state: 'revoked', editions: ended(signed, 'revoked') }
    case 'renew':
      return life
  }
}

/** Signing an edition ends the one before it. A reinstated award is issued from then on, and not earlier. */
function sign(life: AwardLife): AwardLife | undefined {
  const last = life.editions.at(-1)
  if (last?.state !== 'prepared' || last.end !== undefined) return undefined
  const isFirst = last.edition === 1
  if (isFirst ? life.state !== 'due' : !mayTakeEdition(life.state, last.cause)) return undefined
  return {
    state: isFirst || last.cause === 'reinstated' ? 'issued' : life.state,
    editions: [...ended(life.editions.slice(0, -1), 'superseded'), { ...last, state: 'signed' }],
  }
}

/** While an edition waits to be signed, its award may expire, or a renewal may take its place. */
export const mayTakeEdition = (state: AwardState, cause: EditionCause): boolean =>
  state === 'issued' || (cause === 'reinstated' && state === 'revoked')

const withNext = (editions: readonly EditionLife[], cause: EditionCause): readonly EditionLife[] => [
  ...editions,
  { edition: editions.length + 1, cause, state: 'prepared' },
]

const ended = (editions: readonly EditionLife[], end: EditionEnd): readonly EditionLife[] =>
  editions.map((edition, at) => (at === editions.length - 1 ? { ...edition, end } : edition))
