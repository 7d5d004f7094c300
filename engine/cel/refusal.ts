/** What is wrong with an expression, before it is run: which kind of thing, where, and a sentence. */
export interface ExpressionFault {
  readonly problem:
    | 'syntax'
    | 'unsupported'
    | 'too-deep'
    | 'too-large'
    | 'unknown-name'
    | 'unknown-field'
    | 'mismatch'
  /** Offset in the source text. */
  readonly at: number
  readonly message: string
}

/** Thrown by the parser and the checker for an expression that is not accepted. */
export class ExpressionRefusal extends Error {
  readonly fault: ExpressionFault
  constructor(fault: ExpressionFault) {
    super(fault.message)
    this.name = 'ExpressionRefusal'
    this.fault = fault
  }
}

export const refuseExpression = (problem: ExpressionFault['problem'], at: number, message: string): never => {
  throw new ExpressionRefusal({ problem, at, message })
}
