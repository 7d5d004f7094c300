import type { Table } from './benchmark.ts'
import type { Comparison, Spread } from './compare.ts'

/** The columns that `comparisonCells` fills. */
export const COMPARISON_COLUMNS = ['ours', 'peer', 'ours ÷ peer'] as const

/** Median and, in brackets, the least and the most of the rounds: rates a second, and their ratio. */
export const comparisonCells = ({ ours, peer, ratio }: Comparison): string[] => [
  inRange(ours),
  inRange(peer),
  `**${figure(ratio.median)}** (${figure(ratio.least)}–${figure(ratio.most)})`,
]

const inRange = ({ median, least, most }: Spread): string =>
  `${figure(median)}/s (${figure(least)}–${figure(most)})`

/** Three digits that count: the machine is not steadier than that. */
const figure = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 })

export const whole = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 })

/** The table in Markdown, with its title and its notes. */
export const printTable = ({ title, columns, rows, notes }: Table): string =>
  [`## ${title}`, '', printRows({ columns, rows }), '', ...notes.map((note) => `- ${note}`)].join('\n')

/** The table alone, in columns that are straight on a terminal too. */
export function printRows({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const widths = columns.map((column, at) =>
    Math.max(...[column, ...rows.map((row) => row[at] ?? '')].map(widthOf)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

const widthOf = (text: string): number => [...text].length
