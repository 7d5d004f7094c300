import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, type Json, type JsonObject } from '#engine/shared/json.ts'
import { VC_2_CONTEXT } from './data-model-version.ts'
import { modelFault } from './model-fault.ts'

export type EnvelopeType = 'EnvelopedVerifiableCredential' | 'EnvelopedVerifiablePresentation'

export type EnvelopeReading =
  /** `token`: what the data: URL holds. */
  | { readonly kind: 'enveloped'; readonly token: string }
  | { readonly kind: 'malformed'; readonly fault: CredentialFault }

/** Media types of tokens: those of VC-JOSE-COSE, and the older ones that are still about. */
const MEDIA_TYPES = ['vc+jwt', 'vp+jwt', 'jwt', 'vc-ld+jwt', 'vp-ld+jwt', 'vc+ld+jwt', 'vp+ld+jwt']

/** A token in the envelope of VC Data Model 2.0. */
export const envelopeOf = (token: string, type: EnvelopeType): JsonObject => ({
  '@context': [VC_2_CONTEXT],
  type,
  id: `data:application/${type === 'EnvelopedVerifiableCredential' ? 'vc' : 'vp'}+jwt,${token}`,
})

/** Which envelope a document says that it is; undefined for one that is none. */
export function envelopeType(document: JsonObject): EnvelopeType | undefined {
  const types = textsOf(document['type'])
  return (['EnvelopedVerifiableCredential', 'EnvelopedVerifiablePresentation'] as const).find((type) =>
    types.includes(type),
  )
}

/**
 * Reads an enveloped credential or presentation (VC Data Model 2.0, sections 4.12.1 and 4.13.2): its contexts include the base
 * context, and its id is a data: URL with a token.
 */
export function readEnvelope(document: JsonObject): EnvelopeReading {
  const { '@context': contexts, id } = document
  if (!textsOf(contexts).includes(VC_2_CONTEXT))
    return { kind: 'malformed', fault: modelFault('/@context', `must include ${VC_2_CONTEXT}`) }
  const [, mediaType = '', token = ''] =
    typeof id === 'string' ? (/^data:application\/([a-z+-]+)(?:;[^,]*)?,(.*)$/is.exec(id) ?? []) : []
  if (!MEDIA_TYPES.includes(mediaType.toLowerCase()) || token === '')
    return { kind: 'malformed', fault: modelFault('/id', 'must be a data: URL with a token') }
  return { kind: 'enveloped', token }
}

function textsOf(value: Json | undefined): readonly string[] {
  const list = isJsonArray(value) ? value : [value]
  return list.filter((item) => typeof item === 'string')
}
