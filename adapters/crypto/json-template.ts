import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json } from '#engine/shared/json.ts'
import type { Gap, Shape } from './document-shape.ts'

/** The JCS (RFC 8785) of all documents of one shape: what does not differ between them is written once. */
export interface JsonTemplate {
  /** The JCS of the document with these texts in its gaps, and with this `proof` where it has one. */
  fill(texts: readonly string[], proof?: Json): string
}

/** Texts and, between them, the numbers of the gaps whose texts stand there. */
interface Pieces {
  readonly texts: readonly string[]
  readonly gaps: readonly number[]
}

/** `shape` is that of a document without `proof`. */
export function jsonTemplateOf(
  shape: Shape & { readonly kind: 'members' },
  gaps: readonly Gap[],
): JsonTemplate {
  const members = sortedMembers(shape)
  const at = members.findIndex(({ name }) => name > 'proof')
  const before = joined(members.slice(0, at < 0 ? members.length : at).map(memberPieces))
  const after = joined(at < 0 ? [] : members.slice(at).map(memberPieces))
  const hasBefore = before.texts.length > 1 || before.texts[0] !== ''
  const hasAfter = after.texts.length > 1 || after.texts[0] !== ''
  const isIri = gaps.map(({ of }) => of === 'iri')
  return {
    fill: (texts, proof) => {
      const parts: string[] = []
      if (hasBefore) parts.push(write(before, texts, isIri))
      if (proof !== undefined) parts.push(`"proof":${canonicalJson(proof)}`)
      if (hasAfter) parts.push(write(after, texts, isIri))
      return `{${parts.join(',')}}`
    },
  }
}

interface Member {
  readonly name: string
  readonly shape: Shape
}

const sortedMembers = ({ names, members }: Shape & { readonly kind: 'members' }): readonly Member[] =>
  names
    .map((name, at) => ({ name, shape: members[at] as Shape }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

const memberPieces = ({ name, shape }: Member): Pieces =>
  prefixed(`${JSON.stringify(name)}:`, piecesOf(shape))

function piecesOf(shape: Shape): Pieces {
  switch (shape.kind) {
    case 'same':
      return { texts: [canonicalJson(shape.value)], gaps: [] }
    case 'gap':
      return { texts: ['', ''], gaps: [shape.gap] }
    case 'list':
      return enclosed('[', joined(shape.items.map(piecesOf)), ']')
    case 'members':
      return enclosed('{', joined(sortedMembers(shape).map(memberPieces)), '}')
  }
}

/** With commas between them. */
function joined(parts: readonly Pieces[]): Pieces {
  const [first, ...rest] = parts
  return rest.reduce<Pieces>((sum, part) => concatenated(sum, prefixed(',', part)), first ?? NOTHING)
}

const NOTHING: Pieces = { texts: [''], gaps: [] }

const prefixed = (text: string, pieces: Pieces): Pieces => concatenated({ texts: [text], gaps: [] }, pieces)

const enclosed = (open: string, pieces: Pieces, close: string): Pieces =>
  concatenated(prefixed(open, pieces), { texts: [close], gaps: [] })

function concatenated(a: Pieces, b: Pieces): Pieces {
  const seam = (a.texts.at(-1) ?? '') + (b.texts[0] ?? '')
  return { texts: [...a.texts.slice(0, -1), seam, ...b.texts.slice(1)], gaps: [...a.gaps, ...b.gaps] }
}

/** An address that may stand in a gap has nothing in it that JSON would escape. */
function write({ texts, gaps }: Pieces, given: readonly string[], isIri: readonly boolean[]): string {
  let text = texts[0] ?? ''
  for (let at = 0; at < gaps.length; at++) {
    const gap = gaps[at] ?? 0
    const filling = given[gap] ?? ''
    text += (isIri[gap] === true ? `"${filling}"` : JSON.stringify(filling)) + (texts[at + 1] ?? '')
  }
  return text
}
