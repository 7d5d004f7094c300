import type * as z from 'zod'

/**
 * Throws when the schema holds a plain `z.object`, which drops unknown members without a word.
 * What a caller sends and we do not know must be refused (`z.strictObject`) or kept (`z.looseObject`).
 */
export function assertClosed(schema: z.ZodType, where: string): void {
  visit(schema, where, new Set())
}

function visit(schema: unknown, where: string, seen: Set<unknown>): void {
  if (seen.has(schema) || !hasDef(schema)) return
  seen.add(schema)
  const { def } = schema
  if (def['type'] === 'object' && def['catchall'] === undefined)
    throw new TypeError(
      `${where}: use z.strictObject or z.looseObject, so that unknown members are not dropped.`,
    )
  if (def['type'] === 'object') {
    const shape = def['shape'] as Record<string, unknown>
    for (const [name, member] of Object.entries(shape)) visit(member, `${where}.${name}`, seen)
  }
  if (def['type'] === 'lazy') visit((def['getter'] as () => unknown)(), where, seen)
  for (const part of ['element', 'innerType', 'left', 'right', 'valueType', 'in', 'rest'])
    visit(def[part], where, seen)
  for (const parts of ['options', 'items'])
    for (const part of Array.isArray(def[parts]) ? def[parts] : []) visit(part, where, seen)
}

const hasDef = (schema: unknown): schema is { def: Record<string, unknown> } =>
  typeof schema === 'object' && schema !== null && 'def' in schema
