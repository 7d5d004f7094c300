/** Many byte strings as one, so that a message to another thread hands over memory instead of copying objects. */
export interface JoinedParts {
  readonly bytes: Uint8Array
  /** Where each part ends. */
  readonly ends: Uint32Array
}

export function joinParts(parts: readonly Uint8Array[]): JoinedParts {
  const ends = new Uint32Array(parts.length)
  let length = 0
  for (const [at, part] of parts.entries()) {
    length += part.length
    ends[at] = length
  }
  const bytes = new Uint8Array(length)
  for (const [at, part] of parts.entries()) bytes.set(part, (ends[at] ?? 0) - part.length)
  return { bytes, ends }
}

/** The parts, in the memory of the whole. */
export function partsOf({ bytes, ends }: JoinedParts): readonly Uint8Array[] {
  return Array.from(ends, (end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end))
}
