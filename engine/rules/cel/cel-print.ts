import { printExpression } from '#engine/cel/print.ts'
import type { TypedNode } from './cel-check.ts'

/** The one text of a checked expression, by which leaves that ask the same are shared. It is CEL again. */
export const printCel = (node: TypedNode): string => printExpression(node)
