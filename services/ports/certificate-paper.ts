import type { BadgeLook } from '#engine/achievements/badge-picture.ts'
import type { Certificate } from '#engine/credentials/certificate.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** What is on the paper besides words. */
export interface CertificateParts {
  readonly colours: BadgeLook['colours']
  /** PNGs. */
  readonly picture: Uint8Array
  readonly logo?: Uint8Array
  /** The signed badge, which is attached. */
  readonly credential: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }
  /** Stands in the file as the time at which it was made: the same badge gives the same bytes. */
  readonly madeAt: Instant
}

/** A badge as PDF for people, with the signed document inside. */
export type PrintCertificate = (certificate: Certificate, parts: CertificateParts) => Promise<Uint8Array>
