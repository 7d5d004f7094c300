/**
 * Whether a browser asks for a page: HTML is named, and wanted at least as much as JSON.
 * `*` alone (curl, most programs) gets the data.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(readRange)
  const html = quality(ranges, ['text/html', 'application/xhtml+xml'])
  if (html === undefined || html === 0) return false
  const json = quality(ranges, ['application/json', 'application/*', '*/*'])
  return html >= (json ?? 0)
}

interface Range {
  readonly type: string
  readonly q: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1)
  return { type, q: Number.isFinite(q) ? q : 0 }
}

/** Of the first of these types that is named. */
function quality(ranges: readonly Range[], types: readonly string[]): number | undefined {
  for (const type of types) {
    const found = ranges.find((range) => range.type === type)
    if (found !== undefined) return found.q
  }
  return undefined
}
