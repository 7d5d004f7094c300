import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { NamedSchemaFact } from './verification-facts.ts'

/** The type that Open Badges 3.0 gives to a schema that a verifier must check (its section "OpenBadgeCredential Verification"). */
const MUST_BE_CHECKED = '1EdTechJsonSchemaValidator2019'

const BASE = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json'

/** The schemas that are pinned here, and for what. */
const PINNED: readonly (readonly [type: string, address: string])[] = [
  ['OpenBadgeCredential', `${BASE}/ob_v3p0_achievementcredential_schema.json`],
  ['AchievementCredential', `${BASE}/ob_v3p0_achievementcredential_schema.json`],
  ['EndorsementCredential', `${BASE}/ob_v3p0_endorsementcredential_schema.json`],
]

/**
 * Whether a document says by which schema it is to be read, and whether that one is pinned. Schemas of others are not fetched:
 * their patterns are regular expressions of a stranger, which may never come to an end. Those of other types ask nothing of a
 * verifier, and neither do those of documents of VC Data Model 1.1, of which none is pinned.
 */
export function readNamedSchema(document: JsonObject): NamedSchemaFact | undefined {
  if (!includes(document['@context'], 'https://www.w3.org/ns/credentials/v2')) return undefined
  const { credentialSchema = [] } = document
  const named = (isJsonArray(credentialSchema) ? credentialSchema : [credentialSchema])
    .filter(isJsonObject)
    .filter(({ type }) => includes(type, MUST_BE_CHECKED))
    .map(({ id }) => id)
  if (named.length === 0) return undefined
  const pinned = PINNED.filter(([type]) => includes(document['type'], type)).map(([, address]) => address)
  const unknown = named.find((id) => typeof id !== 'string' || !pinned.includes(id))
  return {
    isPinned: named.some((id) => typeof id === 'string' && pinned.includes(id)),
    ...(unknown === undefined ? {} : { unknown: String(unknown).slice(0, 200) }),
  }
}

const includes = (value: Json | undefined, wanted: string): boolean =>
  isJsonArray(value ?? null) ? (value as readonly unknown[]).includes(wanted) : value === wanted
