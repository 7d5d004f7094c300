import type { Json, JsonObject } from '#engine/shared/json.ts'
import { keyOf, sign } from '#test/verification/sample-issuer.ts'
import { CREATED, goodBadge, HOSTILE, unsigned } from './hostile-issuer.ts'

/*
 * For tests: badges that are endorsed inside themselves, signed, and then told otherwise: their end and their status stand with
 * the subject of the endorsement, which is the badge. The graph is the same, so the signature holds.
 */

const V2 = 'https://www.w3.org/ns/credentials/v2'
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
const CLR = 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json'

const END = '2026-11-25T10:00:01Z'

const endorsementOf = (id: Json): JsonObject => ({
  '@context': [V2, OB],
  id: 'urn:uuid:7f0a1d5e-0000-4000-8000-0000000000ee',
  type: ['VerifiableCredential', 'EndorsementCredential'],
  name: 'An endorsement',
  issuer: { id: 'https://endorser.example.net', type: ['Profile'] },
  validFrom: '2026-11-20T00:00:00Z',
  credentialSubject: { id, type: ['EndorsementSubject'], endorsementComment: 'Good' },
})

/** Moves what ends or revokes the whole to the subject of its endorsement. */
function disguised(signed: JsonObject, place: (endorsement: JsonObject) => JsonObject): JsonObject {
  const { validUntil, credentialStatus, ...rest } = signed
  const endorsement = endorsementOf(signed['id'] ?? null)
  const { id, endorsementComment } = endorsement['credentialSubject'] as JsonObject
  const moved = {
    id: id ?? null,
    type: [...(signed['type'] as readonly Json[]), 'EndorsementSubject'],
    endorsementComment: endorsementComment ?? null,
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(credentialStatus === undefined ? {} : { credentialStatus }),
  }
  return { ...rest, ...place({ ...endorsement, credentialSubject: moved }) }
}

const own = unsigned()
const subject = own['credentialSubject'] as JsonObject
const achievement = subject['achievement'] as JsonObject

const PLACES: Readonly<Record<string, (endorsement: JsonObject) => JsonObject>> = {
  'its own endorsement': (endorsement) => ({ endorsement: [endorsement] }),
  'an endorsement of its achievement': (endorsement) => ({
    credentialSubject: { ...subject, achievement: { ...achievement, endorsement: [endorsement] } },
  }),
  'an endorsement of its issuer': (endorsement) => ({
    issuer: { ...(own['issuer'] as JsonObject), endorsement: [endorsement] },
  }),
}

const inRecord = (credential: JsonObject): JsonObject => ({
  credentialSubject: {
    id: subject['id'] ?? null,
    type: ['ClrSubject'],
    verifiableCredential: [credential],
  },
})

async function disguisedRecord(): Promise<JsonObject> {
  const record: JsonObject = {
    '@context': [V2, CLR, OB],
    id: own['id'] ?? null,
    type: ['VerifiableCredential', 'ClrCredential'],
    name: 'A record',
    issuer: own['issuer'] ?? null,
    validFrom: own['validFrom'] ?? null,
    validUntil: END,
    credentialStatus: own['credentialStatus'] ?? null,
    ...inRecord(endorsementOf(own['id'] ?? null)),
  }
  return disguised(await sign(record, keyOf(HOSTILE, 60), CREATED), inRecord)
}

/** By where the end and the status of the badge went. */
export const DISGUISES: ReadonlyMap<string, () => Promise<JsonObject>> = new Map([
  ...Object.entries(PLACES).map(
    ([name, place]) =>
      [
        name,
        async () =>
          disguised(await goodBadge({ validUntil: END, ...place(endorsementOf(own['id'] ?? null)) }), place),
      ] as const,
  ),
  ['a credential of the learner record that it is', disguisedRecord] as const,
])
