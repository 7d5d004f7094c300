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
    String.raw`0[xX][0-9A-Fa-f]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?`,
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

/**
 * Counts tokens and the depth of brackets and of runs of unary, ternary and member operators, without parsing.
 * Stops counting above the limits. O(length).
 */
export function measureText(text: string, limits: TextLimits): { tokens: number; depth: number } {
  let tokens = 0
  let open = 0
  let run = 0
  let depth = 0
  for (const { text: token } of tokensOf(text.slice(0, limits.characters + 1))) {
    tokens++
    if (token === '(' || token === '[' || token === '{') open++
    else if (token === ')' || token === ']' || token === '}') open--
    run = token === '!' || token === '-' || token === '?' || token === '.' ? run + 1 : run
    if (token === '&&' || token === '||' || token === ',') run = 0
    depth = Math.max(depth, open + run)
    if (tokens > limits.tokens) break
  }
  return { tokens, depth }
}
