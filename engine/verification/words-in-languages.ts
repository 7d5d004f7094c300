import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { seenText } from '#engine/shared/seen-text.ts'
import type { WordsInLanguage } from './verification-report.ts'

/** The official languages of the European Union are 24. */
const MOST_LANGUAGES = 40

/** A tag that a browser understands (BCP 47), and nothing that could be markup. */
const LANGUAGE_TAG = /^[a-z]{1,8}(?:-[a-z\d]{1,8}){0,7}$/i

/**
 * What a credential says in each language, in the order in which it says it. Badges have one language (`inLanguage`) and name
 * their achievement in others as `related`; other credentials tag each text (VC Data Model 2.0, section 11.1).
 */
export function readWordsInLanguages(document: JsonObject): readonly WordsInLanguage[] {
  const found = new Map<string, { name?: string; description?: string; criteria?: string }>()
  const add = (
    language: Json | undefined,
    member: 'name' | 'description' | 'criteria',
    text: Json | undefined,
  ) => {
    if (typeof language !== 'string' || !LANGUAGE_TAG.test(language) || typeof text !== 'string') return
    const seen = seenText(text)
    if (seen === undefined) return
    const words = found.get(language) ?? {}
    if (found.size < MOST_LANGUAGES || found.has(language)) found.set(language, words)
    // Whoever says it twice is taken at the first word.
    words[member] ??= seen
  }
  const addAll = (member: 'name' | 'description' | 'criteria', value: Json | undefined, plainIs?: Json) => {
    for (const each of listOf(value))
      if (isJsonObject(each)) add(each['@language'] ?? plainIs, member, each['@value'])
      else add(plainIs, member, each)
  }

  for (const subject of listOf(document['credentialSubject'])) {
    const achievement = isJsonObject(subject) ? subject['achievement'] : undefined
    if (!isJsonObject(achievement)) continue
    const { inLanguage, name, description, criteria, related } = achievement
    addAll('name', name, inLanguage)
    addAll('description', description, inLanguage)
    for (const each of listOf(criteria))
      if (isJsonObject(each)) addAll('criteria', each['narrative'], inLanguage)
    for (const each of listOf(related)) {
      if (!isJsonObject(each)) continue
      addAll('name', each['name'], each['inLanguage'])
      addAll('description', each['description'], each['inLanguage'])
      addAll('criteria', each['narrative'], each['inLanguage'])
    }
  }
  addAll('name', document['name'])
  addAll('description', document['description'])
  return [...found].map(([language, words]) => ({ language, ...words }))
}

/** The words in the language of a reader, where there are some: `en` finds `en-GB`. */
export function wordsFor(
  inLanguages: readonly WordsInLanguage[] = [],
  reader: string,
): WordsInLanguage | undefined {
  const plain = (tag: string) => tag.toLowerCase().split('-', 1)[0]
  return (
    inLanguages.find(({ language }) => language.toLowerCase() === reader.toLowerCase()) ??
    inLanguages.find(({ language }) => plain(language) === plain(reader))
  )
}
