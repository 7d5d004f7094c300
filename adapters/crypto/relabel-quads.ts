/** A line of canonical N-Quads: subject, predicate, object and, of another than the default graph, its name. */
const QUAD =
  /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"[^"\\]*(?:\\.[^"\\]*)*"(?:\^\^<[^>]*>|@\S+)?)(?: (<[^>]*>|_:\S+))? \.$/

/** The lines of canonical N-Quads, each with its end. */
export const linesOf = (quads: string): readonly string[] =>
  quads.split('\n').flatMap((line) => (line === '' ? [] : [`${line}\n`]))

/**
 * Gives each line another term where `rename` has one, never inside a literal, and sorts them. Undefined when
 * `rename` refuses a term, or a line is no quad.
 */
export function renameTerms(
  lines: readonly string[],
  rename: (term: string) => string | undefined,
): readonly string[] | undefined {
  const renamed: string[] = []
  for (const line of lines) {
    const parts = QUAD.exec(line.slice(0, -1))
    if (parts === null) return undefined
    const [, subject = '', predicate = '', object = '', graph] = parts
    const terms = [rename(subject), predicate, object.startsWith('"') ? object : rename(object)]
    if (graph !== undefined) terms.push(rename(graph))
    if (terms.includes(undefined)) return undefined
    renamed.push(`${terms.join(' ')} .\n`)
  }
  return renamed.sort()
}

/** Renames blank nodes alone. A node without a new label is refused. */
export const relabel = (
  lines: readonly string[],
  labelOf: (label: string) => string | undefined,
): readonly string[] | undefined =>
  renameTerms(lines, (term) => {
    if (!term.startsWith('_:')) return term
    const label = labelOf(term.slice(2))
    return label === undefined ? undefined : `_:${label}`
  })
