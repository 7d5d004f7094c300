import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import { type EventReader, own } from './event-reader.ts'
import { type Identifier, normaliseIdentifier } from './identifier.ts'

const INVERSE_FUNCTIONAL = ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const

/**
 * Reads an xAPI agent: exactly one of mbox, mbox_sha1sum, openid and account (xAPI 1.0.3, Data, 2.4.2).
 * A group of one member is that member; any other group is refused by `event-group`.
 */
export function readAgent(reader: EventReader, agent: JsonObject, path: string): Identifier | undefined {
  const objectType = own(agent, 'objectType') ?? 'Agent'
  if (objectType === 'Group') return readOnlyMember(reader, agent, path)
  if (objectType !== 'Agent')
    return reader.fault('event-person-invalid', `${path}/objectType`, 'The actor is an Agent.')
  const given = INVERSE_FUNCTIONAL.filter((name) => own(agent, name) !== undefined)
  const [kind] = given
  if (kind === undefined)
    return reader.fault(
      'event-person-missing',
      path,
      'The agent has no mbox, mbox_sha1sum, openid or account.',
    )
  if (given.length > 1)
    return reader.fault('event-person-ambiguous', path, `The agent has ${given.join(' and ')}.`)
  const identifier = identifierOf(kind, own(agent, kind) ?? null)
  return identifier ?? reader.fault('event-person-invalid', `${path}/${kind}`, `This is no ${kind}.`)
}

function readOnlyMember(reader: EventReader, group: JsonObject, path: string): Identifier | undefined {
  const members = own(group, 'member')
  const [only] = isJsonArray(members) ? members : []
  if (
    isJsonArray(members) &&
    members.length === 1 &&
    isJsonObject(only) &&
    own(only, 'objectType') !== 'Group'
  )
    return readAgent(reader, only, `${path}/member/0`)
  return reader.fault('event-group', path, 'A group did it: send one statement for each person.')
}

function identifierOf(kind: (typeof INVERSE_FUNCTIONAL)[number], value: Json): Identifier | undefined {
  if (kind === 'account') {
    if (!isJsonObject(value)) return undefined
    const [homePage, name] = [own(value, 'homePage'), own(value, 'name')]
    if (typeof homePage !== 'string' || typeof name !== 'string' || homePage === '' || name === '')
      return undefined
    return accountIdentifier(homePage, name)
  }
  if (typeof value !== 'string') return undefined
  if (kind === 'mbox')
    return /^mailto:/i.test(value) ? normaliseIdentifier('email', value.slice(7)) : undefined
  return normaliseIdentifier(kind === 'openid' ? 'openid' : 'sha1', value)
}

/** `HOME_PAGE#NAME`: what could blur where one ends, and white space, is escaped. */
const accountIdentifier = (homePage: string, name: string): Identifier | undefined =>
  normaliseIdentifier(
    'account',
    `${homePage.replaceAll('#', '%23')}#${name.replaceAll(/[\s%]/g, (sign) => encodeURIComponent(sign))}`,
  )
