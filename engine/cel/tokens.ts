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

/** The first tokens of a text, comments left out: all of them, or one more than the limits allow. O(length). */
export function tokensOf(text: string, limits: TextLimits): readonly Token[] {
  const tokens: Token[] = []
  for (const found of text.slice(0, limits.characters + 1).matchAll(TOKEN)) {
    if (!found[0].startsWith('//')) tokens.push({ text: found[0], at: found.index })
    if (tokens.length > limits.tokens) break
  }
  return tokens
}

export interface TextMeasure {
  readonly tokens: number
  /** Of brackets, and of runs of unary, ternary and member operators. */
  readonly depth: number
  /** The most operators that stand in one row, and so below each other in the tree. */
  readonly chain: number
}

/** Measures a text without parsing it. */
export function measureTokens(tokens: readonly Token[]): TextMeasure {
  let open = 0
  let run = 0
  let depth = 0
  let chain = 0
  const chains: number[] = [0]
  for (const { text } of tokens) {
    if (OPENS.has(text)) {
      open++
      chains.push(0)
    } else if (CLOSES.has(text)) {
      open--
      chains.pop()
    }
    run = text === '!' || text === '-' || text === '?' || text === '.' ? run + 1 : run
    if (text === '&&' || text === '||' || text === ',') {
      run = 0
      chains[chains.length - 1] = 0
    } else if (CHAINED.has(text)) {
      const longer = (chains.pop() ?? 0) + 1
      chains.push(longer)
      chain = Math.max(chain, longer)
    }
    depth = Math.max(depth, open + run)
  }
  return { tokens: tokens.length, depth, chain }
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
