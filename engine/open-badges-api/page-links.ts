export interface PageOf {
  readonly limit: number
  readonly offset: number
  readonly total: number
}

/**
 * The `Link` header of one page: `first` and `last` always, `next` and `prev` where there is such a page. Undefined where
 * the page holds everything. `url` has no query; `also` are the other parameters, which go along.
 */
export function pageLinks(
  { limit, offset, total }: PageOf,
  url: string,
  also: readonly (readonly [string, string])[] = [],
): string | undefined {
  if (offset === 0 && total <= limit) return undefined
  const link = (rel: string, at: number): string => {
    const query = new URLSearchParams({ limit: String(limit), offset: String(at) })
    for (const [name, value] of also) query.set(name, value)
    return `<${url}?${query}>; rel="${rel}"`
  }
  const last = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit
  return [
    ...(offset + limit < total ? [link('next', offset + limit)] : []),
    link('last', last),
    link('first', 0),
    ...(offset > 0 ? [link('prev', Math.max(0, Math.min(offset, total) - limit))] : []),
  ].join(', ')
}
