const names = new Map<string, string>()
const MOST_NAMES = 2000

/**
 * Naming its statements lets PostgreSQL reuse their plans.
 * Past the cap a statement stays unnamed: a server keeps every name of every connection.
 */
export function statementName(text: string): string | undefined {
  let name = names.get(text)
  if (name === undefined && names.size < MOST_NAMES) {
    name = `w${names.size}`
    names.set(text, name)
  }
  return name
}
