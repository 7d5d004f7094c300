/** Texts of one concept, in a language: a tree whose leaves are sentences. */
export interface TextTree {
  readonly [key: string]: string | TextTree
}

type SameKeys<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : SameKeys<T[Key]> }

/** Texts in both languages. Dutch must say everything that English says, and nothing besides. */
export const texts = <const English extends TextTree>(
  en: English,
  nl: SameKeys<English>,
): { readonly en: TextTree; readonly nl: TextTree } => ({ en, nl: nl as TextTree })
