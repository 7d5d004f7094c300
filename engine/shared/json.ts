/** A JSON value as the strict parser hands it over: objects have no prototype, numbers are finite. */
export type Json = null | boolean | number | string | JsonArray | JsonObject
export type JsonArray = readonly Json[]
export interface JsonObject {
  readonly [key: string]: Json
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isJsonArray = (value: Json | undefined): value is JsonArray => Array.isArray(value)

/** A foreign value in a sentence: a text as it is, all else as JSON. `String()` throws on an object without a prototype. */
export const printJson = (value: Json | undefined): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
