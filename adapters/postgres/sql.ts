/** Statements with their values: a transaction of Prisma's, or one of `plain-transaction.ts`. */
export interface Sql {
  $queryRaw<Rows>(text: TemplateStringsArray, ...values: unknown[]): PromiseLike<Rows>
  $executeRaw(text: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>
}
