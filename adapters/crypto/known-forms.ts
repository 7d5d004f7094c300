import { type TextRules, textRulesOf } from '#engine/credentials/data-model/text-rules.ts'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Shape } from './document-shape.ts'
import { type JsonTemplate, jsonTemplateOf } from './json-template.ts'
import { disguiseIn } from './plain-form.ts'
import type { KnownShape, Recognised } from './quad-templates.ts'

/** What follows from the shape of a document alone, worked out when it is first asked for. */
interface KnownForm {
  /** Undefined for what is no object. */
  readonly json: JsonTemplate | undefined
  readonly ids: Ids
  /** Whether a document of the shape, whose ids are apart, was found to be in plain form. */
  isPlain: boolean
  /** What the data model asks of texts in the gaps, and whether a document that keeps to it was found without fault. */
  readonly rules: TextRules
  isFaultless: boolean
}

/** What stands under `id`, or is an issuer, wherever in a document. */
interface Ids {
  readonly fixed: ReadonlySet<string>
  readonly gaps: readonly number[]
  /** What has a fixed one that stands there twice is the same in all documents of the shape. */
  readonly areSettled: boolean
}

const forms = new WeakMap<KnownShape, KnownForm>()

function formOf(known: KnownShape): KnownForm {
  const kept = forms.get(known)
  if (kept !== undefined) return kept
  const { shape, gaps } = known
  const json = shape.kind === 'members' ? jsonTemplateOf(shape, gaps) : undefined
  const form = {
    json,
    ids: idsOf(shape),
    isPlain: false,
    rules: textRulesOf(gaps.map(({ path }) => path)),
    isFaultless: false,
  }
  forms.set(known, form)
  return form
}

/** How to write the JCS of documents of that shape. */
export const knownJson = ({ known }: Recognised): JsonTemplate | undefined => formOf(known).json

/**
 * In which way a document is not in plain form, quick for those of a known shape. Only its contexts and the names of its members
 * count there, which the shape has, and what is described in a second place: that too the shape has where ids are apart.
 */
export function knownDisguise(
  document: JsonObject,
  recognised: Recognised | undefined,
  look: (document: JsonObject) => string | undefined = disguiseIn,
): string | undefined {
  if (recognised === undefined) return look(document)
  const form = formOf(recognised.known)
  if (!hasIdsApart(form.ids, recognised.texts)) return look(document)
  if (form.isPlain) return undefined
  const disguise = look(document)
  form.isPlain = disguise === undefined
  return disguise
}

/** Whether a document is known to be in plain form by its shape and its ids. False says nothing. */
export function isKnownPlain({ known, texts }: Recognised): boolean {
  const { isPlain, ids } = formOf(known)
  return isPlain && hasIdsApart(ids, texts)
}

/** Faults of the data model, quick for documents of a known shape: beyond it, only some of the texts in its gaps count there. */
export function knownFormatFaults(
  document: JsonObject,
  recognised: Recognised | undefined,
  look: (document: JsonObject) => readonly CredentialFault[],
): readonly CredentialFault[] {
  if (recognised === undefined) return look(document)
  const form = formOf(recognised.known)
  if (!form.rules(recognised.texts)) return look(document)
  if (form.isFaultless) return []
  const faults = look(document)
  form.isFaultless = faults.length === 0
  return faults
}

/** No id in a gap stands elsewhere as well. */
function hasIdsApart({ fixed, gaps, areSettled }: Ids, texts: readonly string[]): boolean {
  if (!areSettled) return false
  for (let at = 0; at < gaps.length; at++) {
    const text = texts[gaps[at] ?? 0] ?? ''
    if (fixed.has(text)) return false
    for (let other = 0; other < at; other++) if (texts[gaps[other] ?? 0] === text) return false
  }
  return true
}

function idsOf(shape: Shape): Ids {
  const fixed = new Set<string>()
  const twice = new Set<string>()
  const inNodesWithGaps = new Set<string>()
  const gaps: number[] = []
  const visit = (part: Shape): void => {
    if (part.kind === 'list') for (const item of part.items) visit(item)
    if (part.kind !== 'members') return
    for (const [at, member] of part.members.entries()) {
      visit(member)
      // An issuer may be a bare id.
      if (part.names[at] !== 'id' && part.names[at] !== 'issuer') continue
      if (member.kind === 'gap') gaps.push(member.gap)
      if (member.kind !== 'same' || typeof member.value !== 'string') continue
      if (fixed.has(member.value)) twice.add(member.value)
      fixed.add(member.value)
      if (hasGaps(part)) inNodesWithGaps.add(member.value)
    }
  }
  visit(shape)
  return { fixed, gaps, areSettled: ![...twice].some((id) => inNodesWithGaps.has(id)) }
}

function hasGaps(shape: Shape): boolean {
  if (shape.kind === 'list') return shape.items.some(hasGaps)
  return shape.kind === 'members' ? shape.members.some(hasGaps) : shape.kind === 'gap'
}
