/** The domain in a did:web, with its port. Undefined for other DIDs. */
export function domainOfDid(did: string): string | undefined {
  const host = /^did:web:([^:]+)/.exec(did)?.[1]
  return host === undefined ? undefined : host.replace(/%3a/i, ':')
}

/** Whether it is the reader's own machine: what it issues is a test. */
export const isLocalDomain = (domain: string): boolean =>
  /^(?:localhost|127\.|\[::1\]|[^:]+\.localhost)/.test(domain)
