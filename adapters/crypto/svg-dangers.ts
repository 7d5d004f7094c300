/** Elements that run something, show other markup, or load a document of their own. */
const ELEMENTS =
  /<(?:[\w-]+:)?(?:script|foreignobject|iframe|object|embed|handler|listener|audio|video|set|animate\w*)[\s/>]/i

/** `onload=` and the like. */
const HANDLER = /[\s"'/]on[a-z]+\s*=/i

/** What an address may begin with that shows only what is in the file: a place in it, or a raster picture. */
const OWN = /^\s*(?:#|data:image\/(?:png|jpeg|gif|webp);)/i

const REFERENCE = /[\s"'/](?:xlink:)?(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi

/** What a style names. Cut at its `)`, and judged in code: as one pattern, white space would make it slow. */
const STYLE_ADDRESS = /url\(([^)]*)/gi
const OWN_IN_STYLE = /^["']?\s*(?:#|data:(?:image\/(?:png|jpeg|gif|webp)|font\/|application\/(?:x-)?font))/i

/**
 * Says what makes an SVG more than a picture: it would run, or tell somebody that it was opened. Undefined where nothing does.
 * `text` is the whole file without the badge inside. A link (`<a href>`) is refused as well: nobody clicks on a badge to leave.
 * Text is looked at as it stands and with its character references read, as `&#106;avascript:` is one word to a reader.
 */
export function dangerIn(text: string): string | undefined {
  for (const form of [text, decodeReferences(text)]) {
    if (ELEMENTS.test(form)) return 'it runs or embeds something'
    if (HANDLER.test(withoutQuoted(form))) return 'it runs something'
    const addresses = [...form.matchAll(STYLE_ADDRESS)].map(([, address = '']) => address.trim())
    if (/@import/i.test(form) || addresses.some((address) => !OWN_IN_STYLE.test(address)))
      return 'it loads something from elsewhere'
    for (const [, , double, single, bare] of form.matchAll(REFERENCE))
      if (!OWN.test(double ?? single ?? bare ?? '')) return 'it leads elsewhere'
  }
  return undefined
}

/** Attribute names only: what a text or a value says is no handler. */
const withoutQuoted = (text: string): string =>
  (text.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"|'[^']*'/g, '""')).join('')

const decodeReferences = (text: string): string =>
  text.replace(/&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));?/gi, (whole, hex?: string, decimal?: string) => {
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
