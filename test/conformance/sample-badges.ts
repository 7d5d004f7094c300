import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { buildDidDocument } from '#engine/credentials/did-document.ts'
import {
  buildStatusListCredential,
  STATUS_LIST_MIN_ENTRIES,
  statusEntry,
  withStatusBits,
} from '#engine/credentials/status-list.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** The issuer of the badges that a displayer is to show. It exists in the map of this run and nowhere else. */
export const SAMPLE_DOMAIN = 'issuer.conformance.example'
const DID = `did:web:${SAMPLE_DOMAIN}`
const ORIGIN = `https://${SAMPLE_DOMAIN}`
const LIST = `${ORIGIN}/status/1`
const REVOKED = 2
const DAY_MS = 86_400_000

export const SAMPLE = {
  name: 'Teamwork',
  description: 'Works in a group of people who differ.',
  issuerName: 'Sample Issuer for Conformance',
} as const

export type SampleState = 'valid' | 'expired' | 'revoked'
export type DataModel = '2.0' | '1.1'

export const addressOf = (model: DataModel, state: SampleState): string =>
  `${ORIGIN}/badges/${model}/${state}`

/**
 * Makes six badges (valid, expired, revoked; of both data models), signs them with a key of this run, and writes what their
 * issuer publishes into a folder: its DID document, its status list, and the badges. Returns the file of the map.
 */
export async function writeSampleBadges(folder: string, now: Instant): Promise<string> {
  const suite = createCredentialSuite()
  const key = signingKeyOf(DID, crypto.getRandomValues(new Uint8Array(32)))
  const sign = async (unsigned: JsonObject): Promise<JsonObject> => {
    const preparation = await suite.prepare(unsigned)
    if (!preparation.ok) throw new Error(`a sample is unfit: ${JSON.stringify(preparation.faults)}`)
    return suite.sign(preparation.prepared, key, now)
  }
  const bits = withStatusBits(new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8), [REVOKED])
  const documents = new Map<string, JsonObject>([
    [
      DID,
      buildDidDocument({
        did: DID,
        issuingKeys: [{ publicKeyMultibase: key.publicKeyMultibase, state: { kind: 'active' } }],
      }),
    ],
    [
      LIST,
      await sign(
        buildStatusListCredential({
          url: LIST,
          issuerDid: DID,
          validFrom: asInstant(now - DAY_MS),
          encodedList: await suite.encodeStatusList(bits),
        }),
      ),
    ],
  ])
  for (const model of ['2.0', '1.1'] as const)
    for (const state of ['valid', 'expired', 'revoked'] as const)
      documents.set(addressOf(model, state), await sign(unsignedBadge(model, state, now)))

  const entries = [...documents].map(([name, document], at) => {
    const file = `${at}.json`
    writeFileSync(join(folder, file), JSON.stringify(document))
    return [name, { file }] as const
  })
  const map = join(folder, 'map.json')
  writeFileSync(map, JSON.stringify(Object.fromEntries(entries)))
  return map
}

function unsignedBadge(model: DataModel, state: SampleState, now: Instant): JsonObject {
  const from = formatInstant(asInstant(now - 30 * DAY_MS))
  const until = formatInstant(asInstant(state === 'expired' ? now - DAY_MS : now + 365 * DAY_MS))
  const isOlder = model === '1.1'
  return {
    '@context': isOlder ? OLDER_CONTEXTS : CONTEXTS,
    id: `urn:uuid:${crypto.randomUUID()}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: SAMPLE.name,
    issuer: { id: DID, type: ['Profile'], name: SAMPLE.issuerName, url: ORIGIN },
    ...(isOlder
      ? { issuanceDate: from, expirationDate: until }
      : { validFrom: from, awardedDate: from, validUntil: until }),
    credentialSubject: {
      id: `urn:uuid:${crypto.randomUUID()}`,
      type: ['AchievementSubject'],
      achievement: {
        id: `${ORIGIN}/achievements/teamwork`,
        type: ['Achievement'],
        name: SAMPLE.name,
        description: SAMPLE.description,
        criteria: { narrative: 'Named by those who worked along.' },
      },
    },
    credentialStatus: statusEntry({ list: LIST, index: state === 'revoked' ? REVOKED : 1 }),
  }
}

const CONTEXTS = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
]

const OLDER_CONTEXTS = [
  'https://www.w3.org/2018/credentials/v1',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
  'https://www.w3.org/ns/credentials/status/v1',
  'https://w3id.org/security/data-integrity/v2',
]
