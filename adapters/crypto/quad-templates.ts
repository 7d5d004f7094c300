import { VARIABLE_MEMBERS } from '#engine/credentials/variable-members.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { Canonicalise } from './crypto-means.ts'
import { type Gap, type Shape, shapeOf, textsIn, withTexts } from './document-shape.ts'
import { type QuadTemplate, quadTemplateOf } from './quad-template.ts'
import type { TextHash } from './text-hash.ts'

/** What is known of all documents of one shape. It depends on nothing but the shape, whoever showed it first. */
export interface KnownShape {
  readonly shape: Shape
  readonly gaps: readonly Gap[]
  readonly template: QuadTemplate
}

/** A document of a known shape. */
export interface Recognised {
  readonly known: KnownShape
  /** What stands in its gaps. */
  readonly texts: readonly string[]
}

export interface Fit extends Recognised {
  readonly quads: string
}

/** How documents became quads since the start. */
export interface TemplateCounts {
  /** By a template. */
  readonly spliced: number
  /** The full way. */
  readonly canonicalised: number
  /** Templates made. */
  readonly learned: number
}

export const sumOfCounts = (all: Iterable<TemplateCounts>): TemplateCounts =>
  [...all].reduce(
    (sum, each) => ({
      spliced: sum.spliced + each.spliced,
      canonicalised: sum.canonicalised + each.canonicalised,
      learned: sum.learned + each.learned,
    }),
    { spliced: 0, canonicalised: 0, learned: 0 },
  )

export interface QuadTemplates {
  /** Undefined for a shape that is not known. */
  recognise(document: JsonObject): Recognised | undefined
  /** Its quads; undefined where its texts ask for the full way. */
  fill(recognised: Recognised): string | undefined
  /** Undefined also where the texts of this document ask for the full way. */
  fit(document: JsonObject): Fit | undefined
  /** By a template, else the full way. Learns a shape when it comes for the second time. */
  canonicalise: Canonicalise
  counts(): TemplateCounts
}

/** Shapes that are known at a time; the ones that are used least go first. */
const MAX_SHAPES = 256

/** Of one achievement of one issuer: with and without an end, with one result or two, … */
const MAX_SHAPES_OF_ONE = 16

/** Shapes that came once, or that have no template. */
const MAX_REMEMBERED = 2048

/** Longer quads are rare, and 256 of them would be much to hold. */
const MAX_QUADS = 64 * 1024

/** What marks a gap while its shape is learned. A document that holds it is never learned from. */
const MARK = 'gap-5d2a7c91-'

/** The marks of these gaps, each of which is no part of another. */
export const marksOf = (gaps: readonly Gap[]): readonly string[] =>
  gaps.map(({ of }, gap) => `${of === 'iri' ? 'urn:' : ''}${MARK}${gap}-`)

/**
 * Remembers how documents become canonical quads, by their shapes. What comes out is byte for byte what the full way gives,
 * which is asked wherever that is not certain. A stranger can teach it nothing but the truth about a shape, and can make it
 * forget: it is bounded.
 */
export function createQuadTemplates(full: Canonicalise, hash: TextHash): QuadTemplates {
  /** The ones used last come last. */
  const known = new Map<string, KnownShape[]>()
  let newest = ''
  let size = 0
  const seenOnce = new Set<string>()
  const hopeless = new Set<string>()
  const counts = { spliced: 0, canonicalised: 0, learned: 0 }

  const recognise = (document: JsonObject): Recognised | undefined => {
    const key = keyOf(document)
    const shapes = known.get(key)
    if (shapes === undefined) return undefined
    for (const shape of shapes) {
      const texts = textsIn(document, shape.shape, shape.gaps.length)
      if (texts === undefined) continue
      if (key !== newest) {
        newest = key
        known.delete(key)
        known.set(key, shapes)
      }
      return { known: shape, texts }
    }
    return undefined
  }

  const fill = ({ known: { template }, texts }: Recognised): string | undefined => {
    const quads = template.fill(texts)
    if (quads !== undefined) counts.spliced++
    return quads
  }

  const fit = (document: JsonObject): Fit | undefined => {
    const recognised = recognise(document)
    const quads = recognised === undefined ? undefined : fill(recognised)
    return recognised === undefined || quads === undefined ? undefined : { ...recognised, quads }
  }

  const canonicalise: Canonicalise = async (document) => {
    const fitting = fit(document)
    if (fitting !== undefined) return { ok: true, quads: fitting.quads }
    counts.canonicalised++
    const canonical = await full(document)
    if (canonical.ok && canonical.quads.length <= MAX_QUADS) await learn(document, canonical.quads)
    return canonical
  }

  const learn = async (document: JsonObject, quads: string): Promise<void> => {
    const shaped = shapeOf(document, VARIABLE_MEMBERS)
    if (shaped === undefined) return
    const fingerprint = hash.hex(JSON.stringify(shaped.shape))
    if (hopeless.has(fingerprint)) return
    if (!seenOnce.delete(fingerprint)) return remember(seenOnce, fingerprint)
    const template = await templateOf(document, shaped.shape, shaped.gaps)
    const filled = template?.fill(shaped.texts)
    // The texts of this one ask for the full way; those of the next one may not.
    if (template !== undefined && filled === undefined) return remember(seenOnce, fingerprint)
    // A template is trusted once it has given what the full way gave.
    if (template === undefined || filled !== quads) return remember(hopeless, fingerprint)
    counts.learned++
    keep(keyOf(document), { shape: shaped.shape, gaps: shaped.gaps, template })
  }

  const templateOf = async (
    document: JsonObject,
    shape: Shape,
    gaps: readonly Gap[],
  ): Promise<QuadTemplate | undefined> => {
    if (JSON.stringify(document).includes(MARK)) return undefined
    const marks = marksOf(gaps)
    const marked = withTexts(shape, marks)
    const canonical = isJsonObject(marked) ? await full(marked) : undefined
    if (canonical?.ok !== true) return undefined
    const template = quadTemplateOf(canonical.quads, { gaps, marks, hash: hash.hex })
    return template?.fill(marks) === canonical.quads ? template : undefined
  }

  const keep = (key: string, shape: KnownShape): void => {
    const shapes = known.get(key) ?? []
    // Two documents of a shape may have come at once.
    if (shapes.some((each) => JSON.stringify(each.shape) === JSON.stringify(shape.shape))) return
    size += shapes.length < MAX_SHAPES_OF_ONE ? 1 : 0
    newest = key
    known.delete(key)
    known.set(key, [shape, ...shapes.slice(0, MAX_SHAPES_OF_ONE - 1)])
    for (const [oldest, { length }] of known) {
      if (size <= MAX_SHAPES || oldest === key) break
      known.delete(oldest)
      size -= length
    }
  }

  return { recognise, fill, fit, canonicalise, counts: () => ({ ...counts }) }
}

/** Always the full way. */
export const noTemplates = (full: Canonicalise): QuadTemplates => ({
  recognise: () => undefined,
  fill: () => undefined,
  fit: () => undefined,
  canonicalise: full,
  counts: () => ({ spliced: 0, canonicalised: 0, learned: 0 }),
})

function remember(fingerprints: Set<string>, fingerprint: string): void {
  fingerprints.add(fingerprint)
  for (const oldest of fingerprints) {
    if (fingerprints.size <= MAX_REMEMBERED) break
    fingerprints.delete(oldest)
  }
}

/** Brings shapes together that are worth comparing: those of one achievement of one issuer. */
function keyOf(document: JsonObject): string {
  const subject = firstOf(document['credentialSubject'])
  const achievement = isJsonObject(subject) ? firstOf(subject['achievement']) : undefined
  return `${idOf(document['issuer'])} ${idOf(achievement)}`
}

const firstOf = (value: Json | undefined): Json | undefined =>
  value !== undefined && isJsonArray(value) ? value[0] : value

function idOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  const id = isJsonObject(value) ? value['id'] : undefined
  return typeof id === 'string' ? id : ''
}
