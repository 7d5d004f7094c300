import { readFileSync } from 'node:fs'
import { printRows, printTable } from '../table.ts'
import { chartOf } from './chart.ts'
import { costTableOf } from './costs.ts'
import type { Figures } from './figures.ts'
import { tablesOf } from './tables.ts'

const ROOT = new URL('../../', import.meta.url)
const BEGIN = '<!-- Written by `npm run bench:gas -- --write`. -->'
const END = '<!-- Up to here. -->'

export interface Document {
  readonly path: URL
  readonly name: string
  readonly text: string
}

/** What stands in the documentation on recorded figures: sections of two pages, and a picture. */
export function documentsOf(figures: Figures): readonly Document[] {
  return [
    at('docs/benchmarks.md', (page) => withSection(page, tablesOf(figures).map(printTable).join('\n\n'))),
    at('docs/networks.md', (page) => withSection(page, printRows(costTableOf(figures)))),
    at('docs/images/gas.svg', () => chartOf(figures)),
  ]
}

function at(name: string, write: (before: string) => string): Document {
  const path = new URL(name, ROOT)
  return { path, name, text: write(textOf(path)) }
}

export function textOf(path: URL): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function withSection(page: string, section: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from === -1 || to < from) throw new Error('A page has lost the marks of its section on gas.')
  // Below the heading of the section on gas.
  const deeper = section.replaceAll(/^## /gm, '### ')
  return `${page.slice(0, from + BEGIN.length)}\n\n${deeper}\n\n${page.slice(to)}`
}
