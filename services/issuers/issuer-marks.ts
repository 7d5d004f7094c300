import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Organisation } from '#services/ports/organisation-store.ts'

/** Sample organisations and issuers on this very machine are marked TEST, in documents and on every page. */
export const isTestIssuer = (issuer: Issuer, organisation: Organisation | undefined): boolean =>
  organisation?.sample === true || isLoopbackHost(new URL(issuer.origin).hostname)
