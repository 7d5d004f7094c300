import type { Overloads } from './overloads.ts'
import type { CelType } from './type.ts'

/** What an expression may use besides the language itself. */
export interface CelEnvironment {
  /** Names may have dots (`x.y`); the longest that fits is meant. */
  readonly variables: ReadonlyMap<string, CelType>
  /** Functions that are declared here and run nowhere, for checking only. */
  readonly functions?: Overloads
  /** The namespace in which names are looked up first. */
  readonly container?: string
  /**
   * Numbers come out of JSON, where all are doubles: a whole number that stands in the text beside a double or a
   * `dyn` is a double, too. What can only be a slip there is refused.
   */
  readonly jsonNumbers?: boolean
}

/** The full names that a name may mean, the likeliest first. A leading dot means the root. */
export function candidatesOf(name: string, container = ''): readonly string[] {
  if (name.startsWith('.')) return [name.slice(1)]
  const scopes = container === '' ? [] : container.split('.')
  return [...scopes.map((_, index) => `${scopes.slice(0, scopes.length - index).join('.')}.${name}`), name]
}
