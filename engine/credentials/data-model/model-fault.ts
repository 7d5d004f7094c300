import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'

/** A breach of the VC Data Model at a JSON pointer. */
export const modelFault = (path: string, message: string): CredentialFault => ({
  code: 'data-model',
  path,
  message,
})

/** One step of a JSON pointer (RFC 6901). Names come from the document, so long ones are cut. */
export const pointerStep = (name: string | number): string =>
  `/${String(name).slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`
