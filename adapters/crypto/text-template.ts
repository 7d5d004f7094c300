import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import { fits, type Gap, type Shape, withTexts } from './document-shape.ts'

/** How the JCS of all documents of one shape is written, so that one is known by its text without being parsed. */
export interface TextTemplate {
  /** Undefined for a text that is not, character by character, the JCS of a document of this shape. */
  read(text: string): ReadText | undefined
}

export interface ReadText {
  /** What stands in the gaps, in their order. */
  readonly texts: readonly string[]
  /** Where `"proof":…,` is put in, and the text is the JCS of the document with it. */
  readonly cut: number
}

const PROOF = 'gap-5d2a7c91-proof-'

/** Undefined for a shape whose documents have a proof already, or that holds `marks`, which must occur nowhere in it. */
export function textTemplateOf(
  shape: Shape,
  { gaps, marks }: { readonly gaps: readonly Gap[]; readonly marks: readonly string[] },
): TextTemplate | undefined {
  const marked = withTexts(shape, marks)
  if (!isJsonObject(marked) || marked['proof'] !== undefined) return undefined
  const text = canonicalJson(marked)
  const places = marks.map((mark) => text.indexOf(`"${mark}"`))
  if (places.includes(-1) || marks.some((mark) => text.split(mark).length !== 2)) return undefined
  // Members are sorted, so the gaps stand in another order.
  const order = places.map((_, gap) => gap).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
  const pieces: string[] = []
  let from = 0
  for (const gap of order) {
    const start = (places[gap] ?? 0) + 1
    pieces.push(text.slice(from, start))
    from = start + (marks[gap] ?? '').length
  }
  pieces.push(text.slice(from))

  const member = `"proof":"${PROOF}",`
  const cutInMarked = canonicalJson({ ...marked, proof: PROOF }).indexOf(member)
  if (cutInMarked < 0) return undefined
  // It is put in so far behind the gap that stands before it, or behind the beginning.
  const before = order.filter((gap) => (places[gap] ?? 0) < cutInMarked).length
  const lastBefore = order[before - 1]
  const behind =
    lastBefore === undefined ? 0 : (places[lastBefore] ?? 0) + 1 + (marks[lastBefore] ?? '').length
  const offset = cutInMarked - behind

  return {
    read: (given) => {
      // Comparing slices is twice as fast as `startsWith`.
      const first = pieces[0] ?? ''
      if (given.slice(0, first.length) !== first) return undefined
      const texts = new Array<string>(gaps.length)
      let at = first.length
      let cut = before === 0 ? offset : 0
      for (let nth = 0; nth < order.length; nth++) {
        const end = endOfText(given, at)
        if (end < 0) return undefined
        const gap = order[nth] ?? 0
        const value = textOf(given.slice(at, end))
        const { of } = gaps[gap] ?? {}
        if (value === undefined || of === undefined || !fits(value, of)) return undefined
        texts[gap] = value
        if (nth === before - 1) cut = end + offset
        const piece = pieces[nth + 1] ?? ''
        at = end + piece.length
        if (given.slice(end, at) !== piece) return undefined
      }
      return at === given.length ? { texts, cut } : undefined
    },
  }
}

/** Where the quote stands that ends a text; -1 where none does. */
function endOfText(given: string, from: number): number {
  let end = given.indexOf('"', from)
  while (end > from && given[end - 1] === '\\') {
    let backslashes = 1
    while (given[end - 1 - backslashes] === '\\') backslashes++
    // A quote behind an even number of them stands for itself.
    if (backslashes % 2 === 0) return end
    end = given.indexOf('"', end + 1)
  }
  return end
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these never stand in JSON as they are.
const SPECIAL = /[\u0000-\u001f\\]/

/** What is written between the quotes; undefined where JCS writes it otherwise, or it is no JSON. */
function textOf(written: string): string | undefined {
  if (!SPECIAL.test(written)) return written
  try {
    const value: unknown = JSON.parse(`"${written}"`)
    return typeof value === 'string' && JSON.stringify(value) === `"${written}"` ? value : undefined
  } catch {
    return undefined
  }
}
