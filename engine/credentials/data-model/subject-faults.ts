import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'

/** One or more subjects, each an object that says something, under one URL where it has an id (VC Data Model 2.0, section 4.8). */
export function subjectFaults(subject: Json | undefined): readonly CredentialFault[] {
  const subjects = oneOrMany(subject, '/credentialSubject')
  if (subjects.length === 0) return [modelFault('/credentialSubject', 'must say something about somebody')]
  return subjects.flatMap(({ value, path }) => {
    if (!isJsonObject(value)) return [modelFault(path, 'must be an object')]
    if (Object.keys(value).length === 0) return [modelFault(path, 'must not be empty')]
    return value['id'] === undefined || isAbsoluteUrl(value['id'])
      ? []
      : [modelFault(`${path}/id`, 'must be one URL')]
  })
}
