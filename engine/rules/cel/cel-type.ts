import {
  DYN as ANY,
  BOOL as BOOLEAN,
  type CelType as LanguageType,
  TIMESTAMP as MOMENT,
  mapOf,
  DOUBLE as NUMBER,
  typeName as nameOf,
  STRING as TEXT,
} from '#engine/cel/type.ts'

/** The types that rules know. Rules name them from here; what they mean is the language's affair. */
export type CelType = LanguageType

export const BOOL: CelType = BOOLEAN
export const DOUBLE: CelType = NUMBER
export const STRING: CelType = TEXT
export const TIMESTAMP: CelType = MOMENT
/** Any value of JSON: only the event will tell. */
export const DYN: CelType = ANY
/** An object of JSON. */
export const MAP: CelType = mapOf(STRING, DYN)

export const typeName = (type: CelType): string => nameOf(type)
