/** How a file is to be read. */
export type FrameworkFormat =
  /** A package of 1EdTech CASE 1.0 (`CFPackage`), JSON. */
  | { readonly kind: 'case'; readonly language: string }
  /** A published CSV file of ESCO: skills or occupations in one language. */
  | { readonly kind: 'esco'; readonly language: string }
  /** Any other table, as the qualification files of SBB, by the names of its columns. */
  | {
      readonly kind: 'table'
      readonly language: string
      readonly codeColumn: string
      readonly nameColumn: string
      readonly urlColumn?: string
    }
