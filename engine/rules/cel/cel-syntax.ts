import { parseExpression } from '#engine/cel/parse.ts'
import { type ExpressionFault, ExpressionRefusal } from '#engine/cel/refusal.ts'
import type { SyntaxNode } from '#engine/cel/syntax.ts'
import { measureTokens, type TextLimits, tokensOf } from '#engine/cel/tokens.ts'

/** The syntax tree of an expression of a rule. */
export type CelNode = SyntaxNode

/** What is wrong with an expression: a code of the rule faults, where, and a sentence. */
export interface CelFault {
  readonly code:
    | (typeof CODES)[ExpressionFault['problem']]
    | 'rule-event-type-unknown'
    | 'rule-not-boolean'
    | 'rule-cost-unbounded'
    | 'rule-join-mixed'
    | 'rule-regex-unsafe'
  readonly at: number
  readonly message: string
}

/** The words that rules have for what the language refuses. */
const CODES = {
  syntax: 'rule-cel-syntax',
  unsupported: 'rule-cel-unsupported',
  'too-deep': 'rule-too-deep',
  'too-large': 'rule-too-large',
  'unknown-name': 'rule-field-unknown',
  'unknown-field': 'rule-field-unknown',
  mismatch: 'rule-type-mismatch',
} as const satisfies Readonly<Record<ExpressionFault['problem'], string>>

export const CEL_LIMITS: TextLimits = { characters: 16_384, tokens: 2000, depth: 24 }

export class CelRefusal extends Error {
  readonly fault: CelFault
  constructor(fault: CelFault) {
    super(fault.message)
    this.name = 'CelRefusal'
    this.fault = fault
  }
}

export const refuse = (code: CelFault['code'], at: number, message: string): never => {
  throw new CelRefusal({ code, at, message })
}

/**
 * Parses an expression. Size and depth are counted before the parser sees it. O(length).
 * Throws `CelRefusal` with `rule-cel-syntax`, `rule-cel-unsupported`, `rule-too-deep` or `rule-too-large`.
 */
export const parseCel = (text: string): CelNode => inRuleCodes(() => parseExpression(text, CEL_LIMITS))

/** Counts tokens and depth without parsing. O(length). */
export const measureCel = (text: string): { tokens: number; depth: number } =>
  measureTokens(tokensOf(text, CEL_LIMITS))

/** Runs what may refuse an expression, and says so in the codes of rules. */
export function inRuleCodes<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof ExpressionRefusal)) throw error
    const { problem, at, message } = error.fault
    return refuse(CODES[problem], at, message)
  }
}
