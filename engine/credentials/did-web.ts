/** Hosts that resolve over plain http: a developer's own machine, never the open network. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i
const SEGMENT = /^[A-Za-z0-9._~-]+$/

/** Says whether a host (without port) is this very machine. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.has(host.toLowerCase())

/** The DID of an issuer: `did:web:HOST[%3APORT]:issuers:SLUG`, for an origin like `https://badges.example.org`. */
export function didOfIssuer(origin: string, slug: string): string {
  const { host } = new URL(origin)
  return `did:web:${host.replace(':', '%3A')}:issuers:${slug}`
}

/** Where a did:web says that it lives. */
export interface DidWebAddress {
  /** Host without port: the domain that vouches for the DID. */
  readonly domain: string
  /** Where its document is served: `https`, or `http` on this very machine. */
  readonly url: string
}

/**
 * Reads a did:web (did:web method, section 3.2); undefined for any other text.
 * Refuses user info, empty or dotted-out path segments and percent signs other than the port's, so that a DID
 * leads to one URL only.
 */
export function readDidWeb(did: string): DidWebAddress | undefined {
  const parts = did.split(':')
  const [scheme, method, authority, ...path] = parts
  if (scheme !== 'did' || method !== 'web' || authority === undefined) return undefined
  const [host = '', port, ...more] = authority.split(/%3a/i)
  if (more.length > 0 || !HOST.test(host)) return undefined
  if (port !== undefined && !/^[1-9]\d{0,4}$/.test(port)) return undefined
  if (path.some((segment) => !SEGMENT.test(segment) || segment === '.' || segment === '..')) return undefined
  const scheme_ = isLoopbackHost(host) ? 'http' : 'https'
  const place = path.length === 0 ? '/.well-known/did.json' : `/${path.join('/')}/did.json`
  return {
    domain: host.toLowerCase(),
    url: `${scheme_}://${host}${port === undefined ? '' : `:${port}`}${place}`,
  }
}

/**
 * Where the document of an issuer with its keys is served: that of a did:web, or the address itself of an https issuer
 * (Controlled Identifiers 1.0). Undefined for any other id. http counts on this very machine only.
 */
export function controllerAddress(id: string): string | undefined {
  const web = readDidWeb(id)
  if (web !== undefined) return web.url
  const url = URL.parse(id)
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return undefined
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  return isSafe ? id : undefined
}

/** The DID without path, query and fragment: what controls a verification method. */
export const didOfMethod = (verificationMethod: string): string => verificationMethod.split('#', 1)[0] ?? ''

/**
 * The domain that stands behind an issuer id: of a did:web or of an https URL.
 * Undefined for a did:key and the like, behind which stands nobody but the holder of the key.
 */
export function domainOf(issuerId: string): string | undefined {
  const web = readDidWeb(issuerId)
  if (web !== undefined) return web.domain
  const url = /^https?:\/\//.test(issuerId) && URL.canParse(issuerId) ? new URL(issuerId) : undefined
  return url?.hostname
}

/** Folders deep enough for any issuer. More are not looked at. */
const MAX_FOLDERS = 16

/**
 * The names whose good name an issuer has, from near to far: the folders in which its id lies (`uni.example/badges`), and its domain.
 *
 * An https issuer has the name of the domain only where its id is the bare origin: what lies deeper may be anybody's page, as
 * `https://uni.example/~student`. A did:web lies where a server serves documents of DIDs, so the domain stands for it but where
 * its path leads through the home of a user. Whoever has a home (`~…`), however deep it lies, has no name of what lies above it.
 * Nobody's are ids that name a port (another port may be another's server; this very machine has one owner, whatever the
 * port), have a query, or are written in another way than servers read them.
 */
export function trustedWith(issuerId: string): readonly string[] {
  const domain = domainOf(issuerId)
  const place = controllerAddress(issuerId)
  if (domain === undefined || place === undefined) return []
  if (isLoopbackHost(domain)) return [domain]
  const { href, port, search, pathname } = new URL(place)
  if (port !== '' || search !== '') return []
  const isDid = issuerId.startsWith('did:')
  if (!isDid && href !== issuerId && href !== `${issuerId}/`) return []
  const folders = isDid ? issuerId.split(':').slice(3) : pathname.replace(/\/$/, '').split('/').slice(1)
  if (!folders.every((each) => SEGMENT.test(each))) return []
  const named = folders.slice(0, MAX_FOLDERS).map((_, at) => [domain, ...folders.slice(0, at + 1)].join('/'))
  const home = folders.findLastIndex((each) => each.startsWith('~'))
  const isOfDomain = folders.length === 0 || (isDid && home === -1)
  return [...named.slice(Math.max(home, 0)).reverse(), ...(isOfDomain ? [domain] : [])]
}

/** Whether an address is one of the server where the document of an issuer is, written as a client asks for it. */
export function isOnHostOf(address: string, issuerId: string): boolean {
  const place = controllerAddress(issuerId)
  if (place === undefined || !URL.canParse(address)) return false
  const { href, origin, username, password } = new URL(address)
  // No dots that lead elsewhere, no user info.
  return href === address && username === '' && password === '' && origin === new URL(place).origin
}

/**
 * Whether an address lies directly under that of an https issuer, so that what stands there is the issuer's word though no
 * document says so. Under a bare origin stand also the pages of others (of students, of customers), and a did:web has a
 * document that lists all that counts.
 */
export function liesDirectlyUnder(address: string, issuerId: string): boolean {
  if (!/^https?:/.test(issuerId) || !isOnHostOf(address, issuerId)) return false
  const { href, pathname, search } = new URL(issuerId)
  if (href !== issuerId || search !== '' || pathname === '/') return false
  const place = issuerId.endsWith('/') ? issuerId : `${issuerId}/`
  return address.startsWith(place) && SEGMENT.test(address.slice(place.length))
}
