import type { SignedTexts } from '#adapters/crypto/crypto-means.ts'

/*
 * Memory that two threads share: one puts questions about signatures into slots, and both take them out again. A message from thread
 * to thread costs as much as checking half a signature; a slot costs as much as writing it. Each slot goes
 * free → ready → taken → answered → free, each step by one thread in one atomic operation, so no question is answered by two
 * at once unless the asking side wants it so, and none is lost.
 */

const FREE = 0
const READY = 1
const TAKEN = 2
const HOLDS = 3
const FAILS = 4

/** Places in the control words. Both counters only grow, and start anew at 2³²: they are compared for being the same. */
const PUT = 0
const ANSWERED = 1
const THREAD_IS_UP = 2
const THREAD_SLEEPS = 3
const ASKER_SLEEPS = 4
const CONTROL_WORDS = 16

/** More are not under way at once: a thread has some three milliseconds of work with them. */
const SLOTS = 64

const SIGNATURE = 64
const KEY = 32
/** What a signature is of, as bytes or as two texts in UTF-8. A large badge has its checked where it is. */
const ROOM = 8192
const SLOT_BYTES = SIGNATURE + KEY + ROOM

/** Of each slot: its state, and the lengths of the two parts of what was signed, the second -1 where there is one only. */
const SLOT_WORDS = 3

export interface SlotQuestion {
  readonly signature: Uint8Array
  /** What was signed, or two texts whose SHA-256 were, one behind the other. */
  readonly of: Uint8Array | SignedTexts
  readonly publicKey: Uint8Array
}

/** The same, copied out of a slot. */
export interface TakenQuestion {
  readonly slot: number
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
  /** Bytes of its own, or two texts in UTF-8 in the slot. */
  readonly of: Uint8Array | readonly [Uint8Array, Uint8Array]
}

export const signatureMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer((CONTROL_WORDS + SLOTS * SLOT_WORDS) * 4 + SLOTS * SLOT_BYTES)

export type SignatureSlots = ReturnType<typeof signatureSlots>

/** Both sides look at the same memory through one of these; one of them asks, the other one answers. */
export function signatureSlots(memory: SharedArrayBuffer) {
  const control = new Int32Array(memory, 0, CONTROL_WORDS)
  const words = new Int32Array(memory, CONTROL_WORDS * 4, SLOTS * SLOT_WORDS)
  const data = new Uint8Array(memory, (CONTROL_WORDS + SLOTS * SLOT_WORDS) * 4)
  const encoder = new TextEncoder()
  /** Of either side by itself: where the next question is put, and where the next one is taken. */
  let nextToPut = 0
  let nextToTake = 0

  const part = (slot: number, from: number, length: number): Uint8Array =>
    data.subarray(slot * SLOT_BYTES + from, slot * SLOT_BYTES + from + length)

  /** Writes what was signed; false where there is no room for it, or nothing to be written. */
  const write = (slot: number, of: SlotQuestion['of']): boolean => {
    try {
      return writeInto(slot, of)
    } catch {
      // Bytes that are no bytes any more, as those of a buffer that was handed away.
      return false
    }
  }

  const writeInto = (slot: number, of: SlotQuestion['of']): boolean => {
    const room = part(slot, SIGNATURE + KEY, ROOM)
    if (of instanceof Uint8Array) {
      if (of.length > ROOM) return false
      room.set(of)
      words[slot * SLOT_WORDS + 1] = of.length
      words[slot * SLOT_WORDS + 2] = -1
      return true
    }
    const [first, second] = of
    if (first.length + second.length > ROOM) return false
    const one = encoder.encodeInto(first, room)
    const two = encoder.encodeInto(second, room.subarray(one.written))
    if (one.read < first.length || two.read < second.length) return false
    words[slot * SLOT_WORDS + 1] = one.written
    words[slot * SLOT_WORDS + 2] = two.written
    return true
  }

  return {
    /** The slot that it was put in. Undefined where none is free, or where it does not fit into one. */
    put: ({ signature, of, publicKey }: SlotQuestion): number | undefined => {
      let slot = nextToPut
      for (let looked = 1; Atomics.load(words, slot * SLOT_WORDS) !== FREE; looked++) {
        if (looked === SLOTS) return undefined
        slot = (slot + 1) % SLOTS
      }
      if (signature.length !== SIGNATURE || publicKey.length !== KEY || !write(slot, of)) return undefined
      part(slot, 0, SIGNATURE).set(signature)
      part(slot, SIGNATURE, KEY).set(publicKey)
      Atomics.store(words, slot * SLOT_WORDS, READY)
      nextToPut = (slot + 1) % SLOTS
      Atomics.add(control, PUT, 1)
      if (Atomics.load(control, THREAD_SLEEPS) === 1) Atomics.notify(control, PUT)
      return slot
    },
    /** Takes a question back that the thread has not begun with, for whoever asks to answer it itself. */
    takeBack: (slot: number): boolean =>
      Atomics.compareExchange(words, slot * SLOT_WORDS, READY, TAKEN) === READY,
    /** What the thread answered; undefined until then. */
    answerIn: (slot: number): boolean | undefined => {
      const state = Atomics.load(words, slot * SLOT_WORDS)
      return state === HOLDS || state === FAILS ? state === HOLDS : undefined
    },
    /** The slot may hold another question. */
    free: (slot: number): void => {
      Atomics.store(words, slot * SLOT_WORDS, FREE)
    },
    /** How many were answered: another count than before says that there is something to be looked at. */
    answered: (): number => Atomics.load(control, ANSWERED),
    /** Comes when more were answered than `seen`, or after that time. It does not hold the process: a timer beside it must. */
    moreThan: async (seen: number, mostMs: number): Promise<void> => {
      Atomics.store(control, ASKER_SLEEPS, 1)
      const wait = Atomics.waitAsync(control, ANSWERED, seen, mostMs)
      if (wait.async) await wait.value
      Atomics.store(control, ASKER_SLEEPS, 0)
    },
    isThreadUp: (): boolean => Atomics.load(control, THREAD_IS_UP) === 1,

    /** Of the thread: it is there, and looks for questions from now on. */
    up: (): void => {
      Atomics.store(control, THREAD_IS_UP, 1)
    },
    /** Of the thread: the oldest question that nobody has begun with. */
    take: (): TakenQuestion | undefined => {
      for (let looked = 0; looked < SLOTS; looked++) {
        const slot = (nextToTake + looked) % SLOTS
        if (Atomics.load(words, slot * SLOT_WORDS) !== READY) continue
        if (Atomics.compareExchange(words, slot * SLOT_WORDS, READY, TAKEN) !== READY) continue
        nextToTake = (slot + 1) % SLOTS
        const first = words[slot * SLOT_WORDS + 1] ?? 0
        const second = words[slot * SLOT_WORDS + 2] ?? -1
        const text = part(slot, SIGNATURE + KEY, ROOM)
        return {
          slot,
          signature: part(slot, 0, SIGNATURE).slice(),
          publicKey: part(slot, SIGNATURE, KEY).slice(),
          of:
            second < 0
              ? text.slice(0, first)
              : [text.subarray(0, first), text.subarray(first, first + second)],
        }
      }
      return undefined
    },
    /** Of the thread: what it came to. */
    answer: (slot: number, holds: boolean): void => {
      Atomics.store(words, slot * SLOT_WORDS, holds ? HOLDS : FAILS)
      Atomics.add(control, ANSWERED, 1)
      if (Atomics.load(control, ASKER_SLEEPS) === 1) Atomics.notify(control, ANSWERED)
    },
    /** Of the thread: how many were put so far. */
    putSoFar: (): number => Atomics.load(control, PUT),
    /** Of the thread: sleeps until more were put than `seen`. */
    sleep: (seen: number): void => {
      Atomics.store(control, THREAD_SLEEPS, 1)
      Atomics.wait(control, PUT, seen)
      Atomics.store(control, THREAD_SLEEPS, 0)
    },
  }
}
