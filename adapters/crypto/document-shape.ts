import type { VariableMembers } from '#engine/credentials/variable-members.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/** A document with gaps where the texts of one award stand. */
export type Shape =
  | { readonly kind: 'same'; readonly value: Json }
  | { readonly kind: 'gap'; readonly gap: number; readonly of: GapKind }
  | { readonly kind: 'list'; readonly items: readonly Shape[] }
  | { readonly kind: 'members'; readonly names: readonly string[]; readonly members: readonly Shape[] }

export type GapKind = 'iri' | 'text'

export interface Gap {
  readonly of: GapKind
  /** As JSON schema faults write it: names joined by `/`. */
  readonly path: string
}

export interface ShapedDocument {
  readonly shape: Shape
  readonly gaps: readonly Gap[]
  /** What fills the gaps in this document. */
  readonly texts: readonly string[]
}

/**
 * Schemes that no pinned context has as a term: an address with one of them is never taken for a compact name. Whatever
 * else a gap for an address may hold is left to the full way, as are characters that N-Quads write otherwise.
 */
const PLAIN_IRI = /^(?:urn|did|https?|mailto):[\w!#$%&'()*+,\-./:;=?@~[\]]+$/

/** Whether a text may stand in a gap without any change of what JSON-LD makes of the document around it. */
export const fits = (text: string, of: GapKind): boolean =>
  of === 'iri' ? PLAIN_IRI.test(text) : text.isWellFormed()

/**
 * Parts a document into its shape and its texts; undefined where a text does not fit its gap, or where a context is not named
 * but written out, which may make anything of everything.
 */
export function shapeOf(document: JsonObject, variable: VariableMembers): ShapedDocument | undefined {
  const gaps: Gap[] = []
  const texts: string[] = []
  let isPlain = true
  const part = (value: Json, at: VariableMembers | GapKind | undefined, path: string): Shape => {
    if (typeof at === 'string') {
      // A text with a language or a direction, a list, `null`: part of the shape.
      if (typeof value !== 'string') return part(value, undefined, path)
      isPlain &&= fits(value, at)
      gaps.push({ of: at, path })
      return { kind: 'gap', gap: texts.push(value) - 1, of: at }
    }
    if (isJsonArray(value))
      return {
        kind: 'list',
        items: value.map((item, index) =>
          part(item, typeof item === 'string' ? undefined : at, `${path}/${index}`),
        ),
      }
    if (!isJsonObject(value)) return { kind: 'same', value }
    // A value object says by its other members what its text is.
    const inside = Object.hasOwn(value, '@value') ? undefined : at
    const names = Object.keys(value)
    if (value['@context'] !== undefined) isPlain &&= areNames(value['@context'])
    return {
      kind: 'members',
      names,
      members: names.map((name) =>
        part(
          value[name] ?? null,
          inside !== undefined && Object.hasOwn(inside, name) ? inside[name] : undefined,
          `${path}/${name}`,
        ),
      ),
    }
  }
  const shape = part(document, variable, '')
  return isPlain ? { shape, gaps, texts } : undefined
}

const areNames = (contexts: Json): boolean =>
  (isJsonArray(contexts) ? contexts : [contexts]).every((context) => typeof context === 'string')

/** The texts of a document of this shape, in the order of its gaps; undefined for a document of another shape. */
export function textsIn(document: JsonObject, shape: Shape, gaps: number): string[] | undefined {
  const texts = new Array<string>(gaps)
  return readInto(texts, document, shape) ? texts : undefined
}

function readInto(texts: string[], value: Json | undefined, shape: Shape): boolean {
  switch (shape.kind) {
    case 'same':
      // Minus zero is written as such in quads.
      return Object.is(value, shape.value)
    case 'gap':
      if (typeof value !== 'string' || !fits(value, shape.of)) return false
      texts[shape.gap] = value
      return true
    case 'list': {
      const { items } = shape
      if (!isJsonArray(value) || value.length !== items.length) return false
      for (let at = 0; at < items.length; at++)
        if (!readInto(texts, value[at], items[at] as Shape)) return false
      return true
    }
    case 'members': {
      const { names, members } = shape
      if (!isJsonObject(value) || Object.keys(value).length !== names.length) return false
      for (let at = 0; at < names.length; at++) {
        const name = names[at] as string
        if (!Object.hasOwn(value, name) || !readInto(texts, value[name], members[at] as Shape)) return false
      }
      return true
    }
  }
}

/** A document of this shape with these texts. */
export function withTexts(shape: Shape, texts: readonly string[]): Json {
  switch (shape.kind) {
    case 'same':
      return shape.value
    case 'gap':
      return texts[shape.gap] ?? ''
    case 'list':
      return shape.items.map((item) => withTexts(item, texts))
    case 'members':
      return Object.fromEntries(
        shape.names.map((name, at) => [name, withTexts(shape.members[at] as Shape, texts)]),
      )
  }
}
