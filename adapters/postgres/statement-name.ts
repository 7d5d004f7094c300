const names = new Map<string, string>()
const MOST_NAMES = 2000
/** A text so long stands for many rows: parsing it is little beside what it does. */
const MOST_CHARACTERS = 8192

/** How many of a family have a name: texts that are the same but for how many values, rows or alternatives are in a list. */
const MOST_OF_FAMILY = 4
const families = new Map<string, number>()

/** Of a text whose placeholders have no numbers any more. */
const LIST = /\bIN ?\(\$(?:, ?\$)+\)/gi
const ROWS = /\((?:\$|DEFAULT)(?:, ?(?:\$|DEFAULT))*\)(?:, ?\((?:\$|DEFAULT)(?:, ?(?:\$|DEFAULT))*\))+/g
const ALTERNATIVES = /(\([^()]*\))(?: OR \1)+/g

/**
 * Naming its statements lets PostgreSQL reuse their plans.
 * Past the cap a statement stays unnamed: a server keeps every name of every connection. So that the cap is never come to by
 * batches, which have a text for each of their sizes, only a few sizes of each have a name.
 */
export function statementName(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return undefined
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= MOST_NAMES || !isNamedInFamily(text)) return undefined
  const name = `w${names.size}`
  names.set(text, name)
  return name
}

function isNamedInFamily(text: string): boolean {
  const plain = text.replace(/\$\d+/g, '$')
  const family = plain.replace(LIST, 'IN (…)').replace(ROWS, '(…)').replace(ALTERNATIVES, '(…)')
  if (family === plain) return true
  const named = families.get(family) ?? 0
  if (named >= MOST_OF_FAMILY) return false
  families.set(family, named + 1)
  return true
}
