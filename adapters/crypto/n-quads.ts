/** One line of canonical N-Quads, as its terms are written there; `graph` is empty for the default graph. */
export interface Quad {
  readonly subject: string
  readonly predicate: string
  readonly object: string
  readonly graph: string
}

const LINE =
  /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)(?: (<[^>]*>|_:\S+))? \.$/

/** Reads N-Quads as RDFC-1.0 writes them (section 5, canonical form); undefined for any other way of writing. */
export function readQuads(canonical: string): readonly Quad[] | undefined {
  const lines = canonical.split('\n')
  if (lines.pop() !== '') return undefined
  const quads: Quad[] = []
  for (const line of lines) {
    const [whole, subject, predicate, object, graph = ''] = LINE.exec(line) ?? []
    if (whole === undefined || subject === undefined || predicate === undefined || object === undefined)
      return undefined
    quads.push({ subject, predicate, object, graph })
  }
  return quads
}

/** What is escaped in a literal (RDF 1.1 N-Quads with the canonical form of RDFC-1.0): controls, quote, backslash. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are escaped.
const ESCAPED = /[\u0000-\u001f\u007f"\\]/g

const SHORT: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

/** A text as it stands between the quotes of a literal. */
export const escapeLiteral = (text: string): string =>
  text.replace(
    ESCAPED,
    (character) =>
      SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
