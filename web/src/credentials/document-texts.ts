import type { JsonDocument } from '#web/api/wire.ts'

export interface DocumentTexts {
  readonly description?: string
  /** Markdown. */
  readonly criteria?: string
  readonly type?: string
  readonly tags: readonly string[]
  readonly language?: string
}

/** The texts of the achievement inside a credential, or of an achievement document itself. */
export function documentTexts(document: JsonDocument): DocumentTexts {
  const achievement = record(record(document['credentialSubject'])['achievement'] ?? document)
  const description = text(achievement['description'])
  const criteria = text(record(achievement['criteria'])['narrative'])
  const type = text(achievement['achievementType'])
  const language = text(achievement['inLanguage'])
  const tags = Array.isArray(achievement['tag'])
    ? achievement['tag'].filter((tag): tag is string => typeof tag === 'string')
    : []
  return {
    ...(description === undefined ? {} : { description }),
    ...(criteria === undefined ? {} : { criteria }),
    ...(type === undefined ? {} : { type }),
    ...(language === undefined ? {} : { language }),
    tags,
  }
}

/** An object, or the first of a list of objects. */
function record(value: unknown): Readonly<Record<string, unknown>> {
  const one: unknown = Array.isArray(value) ? value[0] : value
  return typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {}
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
