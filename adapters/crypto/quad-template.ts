import type { Gap } from './document-shape.ts'
import { escapeLiteral, type Quad, readQuads } from './n-quads.ts'

/*
 * The canonical N-Quads (RDFC-1.0) of all documents of one shape. Between two of them only the texts in the gaps differ,
 * and what depends on these: the labels of blank nodes, and the order of lines.
 *
 * A blank node is labelled by the order of first-degree hashes (section 4.6): SHA-256 over the sorted lines that name it,
 * with `_:a` for itself and `_:z` for every other. Where all these hashes differ, that is the whole of the algorithm; those
 * of nodes that no gap touches are worked out once. Where two are equal, or two subjects become one as two gaps hold the
 * same address, or two lines do, the template gives no answer: the full way gives it.
 *
 * Lines are sorted as whole texts by UTF-16 code units, as the library does. Subjects and predicates end in a character that
 * none of them holds inside, so sorting subjects, then predicates, then what follows comes to the same.
 */
export interface QuadTemplate {
  /** The quads with these texts in the gaps; undefined where only the full way tells. */
  fill(texts: readonly string[]): string | undefined
}

/** A hash of the UTF-8 of a text, in hexadecimal digits. */
export type HexHash = (text: string) => string

/** Texts and, between them, numbers of what stands there: a gap or, from the number of gaps on, a blank node. */
interface Pieces {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
}

/** The lines of one subject. */
interface Block {
  readonly subject: Pieces
  readonly groups: readonly Group[]
}

/** The lines of one subject with one predicate, each from behind its subject on. */
interface Group {
  readonly lines: readonly Pieces[]
  /** Their order depends on what fills them. */
  readonly isMoving: boolean
}

/** All lines for one labelling of the blank nodes, with nothing but gaps left in them. */
interface Labelled {
  readonly blocks: readonly Block[]
  readonly moving: readonly Group[]
  /** What the whole looks like, by the order of subjects and of moving lines. There are few orders. */
  readonly layouts: Map<string, Pieces>
}

/** Of labellings and of orders that are remembered; there are more than a few only where many texts make up the order. */
const MOST_REMEMBERED = 32

interface BlankNode {
  readonly number: number
  readonly lines: readonly Pieces[]
  readonly hash?: string
}

/**
 * Makes a template out of the quads of a document whose gaps hold `marks`: texts that occur nowhere else in it. Undefined
 * where a mark does not always stand as the whole of an address or a literal, as its gap says: what JSON-LD makes of that
 * member is more than its text.
 */
export function quadTemplateOf(
  canonical: string,
  {
    gaps,
    marks,
    hash,
  }: { readonly gaps: readonly Gap[]; readonly marks: readonly string[]; readonly hash: HexHash },
): QuadTemplate | undefined {
  const quads = readQuads(canonical)
  if (quads === undefined) return undefined
  const names = [...new Set(quads.flatMap(({ subject, object, graph }) => [subject, object, graph]))]
  const blankNames = names.filter((name) => name.startsWith('_:'))
  const numbers = new Map(blankNames.map((name, at) => [name, gaps.length + at]))
  for (const [gap, { of }] of gaps.entries())
    numbers.set(of === 'iri' ? `<${marks[gap]}>` : `"${marks[gap]}"`, gap)

  const isWhole = marks.every((mark, gap) => {
    const whole = gaps[gap]?.of === 'iri' ? `<${mark}>` : `"${mark}"`
    const times = quads.reduce(
      (sum, quad) => sum + termsOf(quad).filter((term) => isTerm(term, whole)).length,
      0,
    )
    return times > 0 && times === canonical.split(mark).length - 1
  })
  if (!isWhole) return undefined

  const nodes = blankNames.map((name): BlankNode => {
    const number = numbers.get(name) ?? 0
    const lines = quads
      .filter((quad) => termsOf(quad).includes(name))
      .map((quad) => cut(`${quad.subject} `, quad, numbers))
    if (lines.some((line) => line.numbers.some((each) => each < gaps.length))) return { number, lines }
    return {
      number,
      lines,
      hash: hash(degreeText(lines, number, anonymous([], gaps.length, blankNames.length))),
    }
  })
  const blocks = blocksOf(quads, numbers)
  const fixedLabels = nodes.every((node) => node.hash !== undefined || nodes.length < 2)
    ? labelsOf(nodes, [], hash)
    : undefined
  const byLabels = new Map<string, Labelled>()

  return {
    fill: (given) => {
      const texts = given.map((text, gap) => (gaps[gap]?.of === 'text' ? escapeLiteral(text) : text))
      const labels = fixedLabels ?? labelsOf(nodes, anonymous(texts, gaps.length, blankNames.length), hash)
      if (labels === undefined) return undefined
      const labelled = remembered(byLabels, labels.join(), () => labelledOf(blocks, labels, gaps.length))
      return writeLines(labelled, texts)
    },
  }
}

function remembered<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = make()
  if (kept.size >= MOST_REMEMBERED) kept.clear()
  kept.set(key, made)
  return made
}

/** What fills each number while first-degree hashes are worked out. */
const anonymous = (texts: readonly string[], gaps: number, nodes: number): string[] => [
  ...(texts.length === gaps ? texts : new Array<string>(gaps).fill('')),
  ...new Array<string>(nodes).fill('_:z'),
]

function degreeText(lines: readonly Pieces[], self: number, values: string[]): string {
  values[self] = '_:a'
  const written = lines.map((line) => join(line, values))
  values[self] = '_:z'
  return written.sort().join('')
}

/** The canonical labels, in the order of the nodes; undefined where two nodes have the same hash. */
function labelsOf(
  nodes: readonly BlankNode[],
  values: string[],
  hash: HexHash,
): readonly string[] | undefined {
  // A single one comes first whatever its hash.
  if (nodes.length < 2) return nodes.map(() => '_:c14n0')
  const hashes = nodes.map((node) => node.hash ?? hash(degreeText(node.lines, node.number, values)))
  const order = hashes.map((_, at) => at).sort((a, b) => compare(hashes[a] ?? '', hashes[b] ?? ''))
  const labels = new Array<string>(nodes.length)
  for (let rank = 0; rank < order.length; rank++) {
    const at = order[rank] ?? 0
    if (rank > 0 && hashes[at] === hashes[order[rank - 1] ?? 0]) return undefined
    labels[at] = `_:c14n${rank}`
  }
  return labels
}

function labelledOf(blocks: readonly Block[], labels: readonly string[], gaps: number): Labelled {
  const label = ({ texts, numbers }: Pieces): Pieces => {
    const left: string[] = [texts[0] ?? '']
    const found: number[] = []
    for (const [at, number] of numbers.entries()) {
      const behind = texts[at + 1] ?? ''
      if (number < gaps) {
        found.push(number)
        left.push(behind)
      } else left.push(`${left.pop()}${labels[number - gaps]}${behind}`)
    }
    return { texts: left, numbers: found }
  }
  const labelled = blocks.map(({ subject, groups }): Block => {
    const named = groups.map(({ lines }): Group => {
      const of = lines.map(label)
      const isMoving = of.length > 1 && of.some(({ numbers }) => numbers.length > 0)
      // What holds no gap stands in its order once and for all.
      return {
        lines: isMoving ? of : of.toSorted((a, b) => compare(a.texts[0] ?? '', b.texts[0] ?? '')),
        isMoving,
      }
    })
    return { subject: label(subject), groups: named }
  })
  const moving = labelled.flatMap(({ groups }) => groups.filter(({ isMoving }) => isMoving))
  return { blocks: labelled, moving, layouts: new Map() }
}

/** Undefined where two subjects or two lines are the same. */
function writeLines({ blocks, moving, layouts }: Labelled, texts: readonly string[]): string | undefined {
  const subjects = orderOf(blocks.map(({ subject }) => join(subject, texts)))
  if (subjects === undefined) return undefined
  let key = subjects.join()
  const orders: (readonly number[])[] = []
  for (const { lines } of moving) {
    const order = orderOf(lines.map((line) => join(line, texts)))
    if (order === undefined) return undefined
    orders.push(order)
    key += `;${order.join()}`
  }
  const layout = remembered(layouts, key, () => {
    const orderIn = new Map(moving.map((group, at) => [group, orders[at] ?? []]))
    const whole = { texts: [''], numbers: [] as number[] }
    const add = (pieces: Pieces) => {
      whole.texts.push(`${whole.texts.pop()}${pieces.texts[0]}`, ...pieces.texts.slice(1))
      whole.numbers.push(...pieces.numbers)
    }
    for (const at of subjects) {
      const block = blocks[at]
      if (block === undefined) continue
      for (const group of block.groups)
        for (const line of orderIn.get(group) ?? group.lines.keys()) {
          add(block.subject)
          add(group.lines[line] ?? { texts: [''], numbers: [] })
        }
    }
    return whole
  })
  return join(layout, texts)
}

/** Which comes first, second and so on; undefined where two are the same. */
function orderOf(texts: readonly string[]): readonly number[] | undefined {
  const order = texts.map((_, at) => at).sort((a, b) => compare(texts[a] ?? '', texts[b] ?? ''))
  for (let rank = 1; rank < order.length; rank++)
    if (texts[order[rank] ?? 0] === texts[order[rank - 1] ?? 0]) return undefined
  return order
}

/** The quads are sorted, so lines of one subject stand together, and among these the ones of one predicate. */
function blocksOf(quads: readonly Quad[], numbers: ReadonlyMap<string, number>): readonly Block[] {
  const bySubject = Map.groupBy(quads, ({ subject }) => subject)
  return [...bySubject].map(([subject, own]) => {
    const groups = [...Map.groupBy(own, ({ predicate }) => predicate).values()].map((of): Group => {
      const lines = of.map((quad) => cut('', quad, numbers))
      return { lines, isMoving: lines.some((line) => line.numbers.length > 0) }
    })
    return { subject: piecesOf([subject, ' '], numbers), groups }
  })
}

const termsOf = ({ subject, object, graph }: Quad): readonly string[] => [subject, object, graph]

/** Whether a term is this one, whatever the datatype or language behind it. */
const isTerm = (term: string, whole: string): boolean =>
  whole.startsWith('"') ? term.startsWith(whole) : term === whole

/** A line, begun by its subject or by nothing. */
function cut(
  start: string,
  { predicate, object, graph }: Quad,
  numbers: ReadonlyMap<string, number>,
): Pieces {
  const begin = start === '' ? [] : [start.slice(0, -1), ' ']
  return piecesOf([...begin, predicate, ' ', object, ...(graph === '' ? [] : [' ', graph]), ' .\n'], numbers)
}

function piecesOf(terms: readonly string[], numbers: ReadonlyMap<string, number>): Pieces {
  const texts: string[] = []
  const found: number[] = []
  let text = ''
  for (const term of terms) {
    // Behind the closing quote of a literal stands its datatype or language.
    const end = term.startsWith('"') ? term.lastIndexOf('"') + 1 : term.length
    const number = numbers.get(term.slice(0, end))
    if (number === undefined) {
      text += term
      continue
    }
    const isNode = term.startsWith('_:')
    texts.push(isNode ? text : text + term.slice(0, 1))
    text = isNode ? '' : term.slice(end - 1)
    found.push(number)
  }
  return { texts: [...texts, text], numbers: found }
}

function join({ texts, numbers }: Pieces, values: readonly string[]): string {
  let text = texts[0] ?? ''
  for (let at = 0; at < numbers.length; at++) text += (values[numbers[at] ?? 0] ?? '') + (texts[at + 1] ?? '')
  return text
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
