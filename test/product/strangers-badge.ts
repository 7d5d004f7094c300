import type { JsonObject } from '#engine/shared/json.ts'

/** A badge of somebody whom no server knows, before it is signed. `subject` adds to what it says of its holder. */
export const strangersBadgeOf = (issuerDid: string, subject: JsonObject = {}): JsonObject => ({
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: `urn:uuid:${crypto.randomUUID()}`,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Rescuer',
  issuer: { id: issuerDid, type: ['Profile'], name: 'Stranger' },
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: {
    id: 'did:example:somebody',
    type: ['AchievementSubject'],
    achievement: {
      id: 'https://stranger.example.org/achievements/rescuer',
      type: ['Achievement'],
      name: 'Rescuer',
      description: 'Rescues.',
      criteria: { narrative: 'Rescued somebody.' },
    },
    ...subject,
  },
})
