import { useTranslation } from 'react-i18next'
import type { AccessRequest } from '#web/api/wire.ts'

type Scope = AccessRequest['scopes'][number]

const NAMES = {
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly': 'readCredentials',
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert': 'upsertCredentials',
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly': 'readProfile',
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update': 'updateProfile',
  offline_access: 'offline',
} as const satisfies Record<Scope, string>

/** What a scope lets an application do, in plain words. */
export function useScopeName(): (scope: Scope) => string {
  const { t } = useTranslation()
  return (scope) => t(`connections:scopes.${NAMES[scope]}`)
}
