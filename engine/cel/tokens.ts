export interface TextLimits {
  readonly characters: number
  readonly tokens: number
  readonly depth: number
}

/** What the text of an expression may be at most where nothing narrower is asked for. */
export const TEXT_LIMITS: TextLimits = { characters: 16_384, tokens: 2000, depth: 100 }

/**
 * Comments, strings in all their forms, quoted names, names, numbers, operators.
 * A string without an end reaches to the end of the text, so that no text takes more than one pass.
 */
const TOKEN = new RegExp(
  [
    String.raw`\/\/[^\r\n]*`,
    String.raw`(?:[bB]?[rR]|[rR][bB])(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"[^"\r\n]*"?|'[^'\r\n]*'?)`,
    String.raw`[bB]?(?:"""(?:[^\\]|\\[^])*?(?:"""|$)|'''(?:[^\\]|\\[^])*?(?:'''|$)|"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?)`,
    '`[^`\\r\\n]*`?',
    String.raw`[A-Za-z_]\w*`,
    String.raw`0[xX][0-9A-Fa-f]+[uU]?|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?[uU]?`,
    String.raw`&&|\|\||[=!<>]=|\S`,
  ].join('|'),
  'g',
)

export interface Token {
  readonly text: string
  readonly at: number
}

export function* tokensOf(text: string): Generator<Token> {
  for (const found of text.matchAll(TOKEN))
    if (!found[0].startsWith('//')) yield { text: found[0], at: found.index }
}

export interface TextMeasure {
  readonly tokens: number
  /** Of brackets, and of runs of unary, ternary and member operators. */
  readonly depth: number
  /** The most operators that stand in one row, and so below each other in the tree. */
  readonly chain: number
}

/** Measures a text without parsing it. Stops counting above the limits. O(length). */
export function measureText(text: string, limits: TextLimits): TextMeasure {
  let tokens = 0
  let open = 0
  let run = 0
  let depth = 0
  let chain = 0
  const chains: number[] = [0]
  for (const { text: token } of tokensOf(text.slice(0, limits.characters + 1))) {
    tokens++
    if (OPENS.has(token)) {
      open++
      chains.push(0)
    } else if (CLOSES.has(token)) {
      open--
      chains.pop()
    }
    run = token === '!' || token === '-' || token === '?' || token === '.' ? run + 1 : run
    if (token === '&&' || token === '||' || token === ',') {
      run = 0
      chains[chains.length - 1] = 0
    } else if (CHAINED.has(token)) {
      const longer = (chains.pop() ?? 0) + 1
      chains.push(longer)
      chain = Math.max(chain, longer)
    }
    depth = Math.max(depth, open + run)
    if (tokens > limits.tokens) break
  }
  return { tokens, depth, chain }
}

const OPENS: ReadonlySet<string> = new Set(['(', '[', '{'])
const CLOSES: ReadonlySet<string> = new Set([')', ']', '}'])
const CHAINED: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
])
