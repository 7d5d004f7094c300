import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { Beyond, type Work } from './beyond.ts'
import type { Item, NodeItem, ValueItem } from './expand.ts'

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const XSD = 'http://www.w3.org/2001/XMLSchema#'

/** A term as N-Quads write it, or a blank node, which has no name yet. */
export type RdfTerm = string | Blank

export interface Blank {
  /** What is said of it or with it. */
  readonly quads: Quad[]
  /** Its name, once it has one: `_:c14n0`. */
  label: string
}

export interface Quad {
  readonly subject: RdfTerm
  /** With the spaces around it. */
  readonly predicate: string
  readonly object: RdfTerm
  /** Empty for the default graph. */
  readonly graph: RdfTerm
}

export interface Dataset {
  readonly quads: readonly Quad[]
  readonly blanks: readonly Blank[]
}

/**
 * The quads of an expanded document (JSON-LD 1.1 API, sections 7 and 8.1): nodes of one id are one node, and what is
 * said twice of a node is said once, as far as the library sees that it is the same.
 */
export function quadsOf(root: NodeItem, work: Work): Dataset {
  const quads: Quad[] = []
  const blanks: Blank[] = []
  const named = new Map<string, Blank>()
  const said = new Map<RdfTerm, Map<RdfTerm, Map<string, string>>>()

  const newBlank = (): Blank => {
    const blank: Blank = { quads: [], label: '' }
    blanks.push(blank)
    return blank
  }
  const nameOf = (id: string | undefined): RdfTerm => {
    if (id === undefined) return newBlank()
    if (!id.startsWith('_:')) return iriTerm(id)
    const known = named.get(id) ?? newBlank()
    named.set(id, known)
    return known
  }
  const say = (subject: RdfTerm, predicate: string, object: RdfTerm, graph: RdfTerm): void => {
    const quad: Quad = { subject, predicate, object, graph }
    quads.push(quad)
    // A quad that mentions a blank node twice is one quad of it.
    for (const term of new Set([subject, object, graph])) if (typeof term !== 'string') term.quads.push(quad)
  }
  /** Whether the node is not known to say this; `as` is what it says it with. */
  const isNew = (graph: RdfTerm, subject: RdfTerm, what: string, as = ''): boolean => {
    const subjects = said.get(graph) ?? new Map<RdfTerm, Map<string, string>>()
    said.set(graph, subjects)
    const known = subjects.get(subject) ?? new Map<string, string>()
    subjects.set(subject, known)
    const before = known.get(what)
    // The library takes texts that differ in their direction for one, and keeps the first that it meets.
    if (before !== undefined && before !== as) throw new Beyond('two directions')
    known.set(what, as)
    return before === undefined
  }

  const addNode = (node: NodeItem, subject: RdfTerm, graph: RdfTerm): void => {
    for (const type of node.types)
      if (isNew(graph, subject, `@type ${type}`)) say(subject, TYPE, iriTerm(type), graph)
    for (const [iri, items] of node.members) {
      const predicate = ` ${iriTerm(iri)} `
      for (const item of items) addItem(subject, predicate, item, graph)
    }
    for (const item of node.graph ?? []) if (item.kind === 'node') addNode(item, nameOf(item.id), subject)
  }
  const addItem = (subject: RdfTerm, predicate: string, item: Item, graph: RdfTerm): void => {
    work.spend(50)
    switch (item.kind) {
      case 'value': {
        const isStructure = typeof item.value === 'object' && item.value !== null
        if (isStructure || isNew(graph, subject, `${predicate}${valueKey(item)}`, item.direction))
          say(subject, predicate, literal(item), graph)
        return
      }
      case 'node': {
        const object = nameOf(item.id)
        // A new blank node is never the same as another.
        if (item.id === undefined || isNew(graph, subject, `${predicate}@id ${item.id}`))
          say(subject, predicate, object, graph)
        addNode(item, object, graph)
        return
      }
      case 'list':
        say(subject, predicate, addList(item.items, graph), graph)
    }
  }
  const addList = (items: readonly Item[], graph: RdfTerm): RdfTerm => {
    let rest: RdfTerm = NIL
    for (const item of items.toReversed()) {
      const cell = newBlank()
      if (item.kind === 'list') throw new Beyond('a list in a list')
      if (item.kind === 'value') {
        say(cell, FIRST, literal(item), graph)
      } else {
        const node = nameOf(item.id)
        say(cell, FIRST, node, graph)
        addNode(item, node, graph)
      }
      say(cell, REST, rest, graph)
      rest = cell
    }
    return rest
  }

  addNode(root, nameOf(root.id), '')
  return { quads, blanks }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are escaped.
const IN_IRI = /[\u0000-\u0020<>"{}|^`\\]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are escaped.
const IN_LITERAL = /[\u0000-\u001f\u007f"\\]/

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['"', '\\"'],
  ['\\', '\\\\'],
])

const escapeCode = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

const iriTerm = (iri: string): string =>
  `<${IN_IRI.test(iri) ? iri.replace(new RegExp(IN_IRI, 'g'), escapeCode) : iri}>`

const escapeLiteral = (text: string): string =>
  IN_LITERAL.test(text)
    ? text.replace(new RegExp(IN_LITERAL, 'g'), (character) => SHORT.get(character) ?? escapeCode(character))
    : text

const TYPE = ` <${RDF}type> `
const FIRST = ` <${RDF}first> `
const REST = ` <${RDF}rest> `
const NIL = `<${RDF}nil>`

/** By what the library tells values apart. */
const valueKey = ({ value, type, language }: ValueItem): string =>
  `@value ${typeof value} ${type ?? ''} ${language ?? ''} ${String(value)}`

/** The literal of a value (section 8.2.2), with directions as `i18n` datatypes. */
function literal({ value, type, language = '', direction }: ValueItem): string {
  if (type === '@json') return typed(canonicalJson(value), `${RDF}JSON`)
  if (typeof value === 'boolean') return typed(String(value), type ?? `${XSD}boolean`)
  const isDouble = typeof value === 'number' && (String(value).includes('.') || Math.abs(value) >= 1e21)
  if (isDouble || type === `${XSD}double`) {
    const number = isDouble ? Number(value) : Number.parseFloat(String(value))
    return typed(number.toExponential(15).replace(/(\d)0*e\+?/, '$1E'), type ?? `${XSD}double`)
  }
  if (typeof value === 'number') return typed(value.toFixed(0), type ?? `${XSD}integer`)
  const text = String(value)
  if (direction !== undefined) return typed(text, `https://www.w3.org/ns/i18n#${language}_${direction}`)
  if (language !== '') return `"${escapeLiteral(text)}"@${language}`
  return typed(text, type ?? `${XSD}string`)
}

function typed(text: string, type: string): string {
  const quoted = `"${escapeLiteral(text)}"`
  // The library writes no language where there is none, and no datatype beside it.
  return type === `${XSD}string` || type === `${RDF}langString` ? quoted : `${quoted}^^${iriTerm(type)}`
}
