/**
 * A place within our own origin to go to afterwards: path, query and fragment. Anything that could lead elsewhere
 * (another host, `//`, a backslash, another scheme) becomes `/`.
 */
export function ownPath(text: string | undefined, origin: string): string {
  if (text === undefined || !/^\/(?![/\\])[\x21-\x7e]{0,1999}$/.test(text) || text.includes('\\')) return '/'
  const url = URL.parse(text, origin)
  if (url === null || url.origin !== new URL(origin).origin) return '/'
  const path = `${url.pathname}${url.search}${url.hash}`
  // `/.//elsewhere` has become `//elsewhere` only now.
  return path.startsWith('//') ? '/' : path
}
