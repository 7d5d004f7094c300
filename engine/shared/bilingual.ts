/** Texts of one concept, in a language: a tree whose leaves are sentences, with `{{holes}}` to be filled. */
export interface TextTree {
  readonly [key: string]: string | TextTree
}

type SameKeys<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : SameKeys<T[Key]> }

/** Texts in both languages. Dutch must say everything that English says, and nothing besides. */
export const bilingual = <const English extends TextTree>(
  en: English,
  nl: SameKeys<English>,
): { readonly en: TextTree; readonly nl: TextTree } => ({ en, nl: nl as TextTree })

/** Fills the holes of a text. One for which there is nothing stays empty. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')

/** The text under a path of keys; undefined where there is none. */
export function textAt(tree: TextTree, ...path: readonly string[]): string | undefined {
  let at: string | TextTree | undefined = tree
  for (const key of path) at = typeof at === 'object' && Object.hasOwn(at, key) ? at[key] : undefined
  return typeof at === 'string' ? at : undefined
}
