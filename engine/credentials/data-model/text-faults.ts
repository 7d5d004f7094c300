import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'
import { modelFault, pointerStep } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'

const MEMBERS = ['@value', '@language', '@direction']

/** The form of a language tag (BCP 47, section 2.1): subtags of one to eight letters or digits, the first of letters. */
const LANGUAGE_TAG = /^[a-z]{1,8}(?:-[a-z\d]{1,8})*$/i

/**
 * A name or description is a text, an object with language and direction, or a list of these (VC Data Model 2.0,
 * sections 4.6 and 11.1).
 */
export function textFaults(text: Json | undefined, path: string): readonly CredentialFault[] {
  return oneOrMany(text, path).flatMap(({ value, path: at }) => {
    if (typeof value === 'string') return []
    if (!isJsonObject(value)) return [modelFault(at, 'must be a text, or an object with @value')]
    const faults = Object.keys(value)
      .filter((name) => !MEMBERS.includes(name))
      .map((name) => modelFault(`${at}${pointerStep(name)}`, `must not be there beside @value`))
    const { '@value': words, '@language': language, '@direction': direction } = value
    if (typeof words !== 'string') faults.push(modelFault(`${at}/@value`, 'must be a text'))
    if (language !== undefined && (typeof language !== 'string' || !LANGUAGE_TAG.test(language)))
      faults.push(modelFault(`${at}/@language`, 'must be a language tag'))
    if (direction !== undefined && direction !== 'ltr' && direction !== 'rtl')
      faults.push(modelFault(`${at}/@direction`, 'must be ltr or rtl'))
    return faults
  })
}
