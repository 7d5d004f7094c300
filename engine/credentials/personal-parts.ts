import { parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { present } from '#engine/shared/present.ts'

/** What a badge says of this one person, besides what its achievement says of everybody. */
export interface PersonalParts {
  /** Markdown. */
  readonly narrative?: string | undefined
  readonly particulars?: ParticularParts | undefined
  readonly results: readonly ResultPart[]
  readonly evidence: readonly EvidencePart[]
}

/** When the activity was, and what else the subject of a badge says. One of them is there at least. */
export interface ParticularParts {
  /** As the document writes moments. */
  readonly activityStartDate?: string | undefined
  readonly activityEndDate?: string | undefined
  readonly creditsEarned?: string | undefined
  readonly licenseNumber?: string | undefined
  readonly role?: string | undefined
  readonly term?: string | undefined
  /** The name of who assessed it for the issuer. */
  readonly source?: string | undefined
}

export interface ResultPart {
  /** As its description has it; else the end of what it is called. */
  readonly name: string
  /** `Percent`, `RubricCriterionLevel`, … or `ext:…`. */
  readonly type?: string | undefined
  readonly value?: string | undefined
  readonly status?: string | undefined
  readonly valueMin?: string | undefined
  readonly valueMax?: string | undefined
  /** The level of a rubric that was reached. */
  readonly level?: { readonly name: string; readonly description?: string | undefined } | undefined
}

export interface EvidencePart {
  /** Where it is; whoever shows it as a link looks at its scheme first. */
  readonly url?: string | undefined
  readonly name?: string | undefined
  /** Markdown. */
  readonly narrative?: string | undefined
  readonly description?: string | undefined
  readonly genre?: string | undefined
  /** For whom it is meant. */
  readonly audience?: string | undefined
}

/**
 * Reads them out of any badge, also one of somebody else: what is not as Open Badges 3.0 has it is left out, and nothing is refused.
 * Results are told by their descriptions (`ResultDescription`) and levels (`RubricCriterionLevel`), as the achievement in the
 * same document has them. All of it is the issuer's text.
 */
export function readPersonalParts(document: JsonObject): PersonalParts {
  const subject = objects(document['credentialSubject'])[0] ?? {}
  const achievement = objects(subject['achievement'])[0] ?? {}
  const narrative = text(subject['narrative'])
  const described = objects(achievement['resultDescription'])
  return present({
    narrative,
    particulars: particularParts(subject),
    results: objects(subject['result']).flatMap((result) => resultPart(result, described)),
    evidence: listOf(document['evidence']).flatMap(evidencePart),
  })
}

export const hasParts = ({ narrative, particulars, results, evidence }: PersonalParts): boolean =>
  narrative !== undefined || particulars !== undefined || results.length > 0 || evidence.length > 0

function particularParts(subject: JsonObject): ParticularParts | undefined {
  const parts: ParticularParts = present({
    activityStartDate: momentIn(subject['activityStartDate']),
    activityEndDate: momentIn(subject['activityEndDate']),
    creditsEarned: text(subject['creditsEarned']),
    licenseNumber: text(subject['licenseNumber']),
    role: text(subject['role']),
    term: text(subject['term']),
    source: text(objects(subject['source'])[0]?.['name']),
  })
  return Object.keys(parts).length === 0 ? undefined : parts
}

const momentIn = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && parseInstant(value) !== undefined ? value : undefined

function resultPart(result: JsonObject, described: readonly JsonObject[]): readonly ResultPart[] {
  const id = text(result['resultDescription'])
  const description = described.find((each) => id !== undefined && each['id'] === id) ?? {}
  const name = text(description['name']) ?? endOf(id) ?? ''
  const reached = text(result['achievedLevel'])
  // Its own description should have the level; others write badges where another one has it.
  const level = [description, ...described]
    .flatMap((each) => objects(each['rubricCriterionLevel']))
    .find((each) => reached !== undefined && each['id'] === reached)
  const levelName = text(level?.['name']) ?? endOf(reached)
  const part: ResultPart = present({
    name,
    type: text(description['resultType']),
    value: text(result['value']),
    status: text(result['status']),
    valueMin: text(description['valueMin']),
    valueMax: text(description['valueMax']),
    level:
      levelName === undefined
        ? undefined
        : present({ name: levelName, description: text(level?.['description']) }),
  })
  return part.value === undefined && part.status === undefined && part.level === undefined ? [] : [part]
}

/** An object, or just the address of something. */
function evidencePart(evidence: Json): readonly EvidencePart[] {
  if (typeof evidence === 'string') return evidence === '' ? [] : [{ url: evidence }]
  if (!isJsonObject(evidence)) return []
  const part: EvidencePart = present({
    url: text(evidence['id']),
    name: text(evidence['name']),
    narrative: text(evidence['narrative']),
    description: text(evidence['description']),
    genre: text(evidence['genre']),
    audience: text(evidence['audience']),
  })
  return Object.keys(part).length === 0 ? [] : [part]
}

/** What stands after `#result-`, or after the last mark of a path. */
function endOf(uri: string | undefined): string | undefined {
  const end = uri?.split(/#result-|-level-|[#/:]/).at(-1)
  return end === '' ? uri : end
}

function text(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

const objects = (value: Json | undefined): readonly JsonObject[] =>
  listOf(value).filter((each): each is JsonObject => isJsonObject(each))
