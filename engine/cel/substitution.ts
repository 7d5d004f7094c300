import { type CelType, DYN, partsOf, withParts } from './type.ts'

/**
 * What is known of the type parameters of one expression, and whether a value of one type may stand where another is
 * wanted. Follows the algorithm of the official checker (cel-go, `checker/types.go`): what it infers is what others do.
 */
export class Substitution {
  readonly #known = new Map<string, CelType>()
  /** What was known before, newest last: to take back what did not lead to a fit. */
  readonly #journal: { readonly id: string; readonly before: CelType | undefined }[] = []
  #fresh = 0

  fresh(): CelType {
    return { kind: 'param', id: `_${this.#fresh++}` }
  }

  /** Learns what makes all of them fit, or nothing at all. */
  fitAll(given: readonly CelType[], wanted: readonly CelType[]): boolean {
    if (given.length !== wanted.length) return false
    const start = this.#journal.length
    if (given.every((type, index) => this.#fits(type, wanted[index] ?? DYN))) return true
    while (this.#journal.length > start) {
      const { id, before } = this.#journal.pop() ?? { id: '', before: undefined }
      if (before === undefined) this.#known.delete(id)
      else this.#known.set(id, before)
    }
    return false
  }

  #note(id: string, type: CelType): void {
    this.#journal.push({ id, before: this.#known.get(id) })
    this.#known.set(id, type)
  }

  fit(given: CelType, wanted: CelType): boolean {
    return this.fitAll([given], [wanted])
  }

  /** What is known by now; with `settle`, what nothing has settled is `dyn`. */
  resolve(type: CelType, settle = false): CelType {
    if (type.kind !== 'param') return withParts(type, (part) => this.resolve(part, settle))
    const known = this.#known.get(type.id)
    if (known !== undefined) return this.resolve(known, settle)
    return settle ? DYN : type
  }

  /** The type of a place where either may stand, if the two go together. */
  join(a: CelType, b: CelType): CelType | undefined {
    return this.fit(b, a) ? this.#mostGeneral(a, b) : undefined
  }

  #fits(given: CelType, wanted: CelType): boolean {
    if (wanted.kind === 'param') {
      const learned = this.#learn(given, wanted)
      if (learned !== 'unknown') return learned
    }
    if (given.kind === 'param') return this.#learn(wanted, given) !== false
    if (given.kind === 'dyn' || wanted.kind === 'dyn') return true
    if (given.kind === 'null') return isNullable(wanted)
    if (wanted.kind === 'null') return isNullable(given)
    if (given.kind !== wanted.kind) return false
    if (given.kind === 'record') return wanted.kind === 'record' && given.name === wanted.name
    if (given.kind === 'abstract' && wanted.kind === 'abstract' && given.name !== wanted.name) return false
    // All types are values of the type "type".
    if (given.kind === 'type') return true
    const [from, to] = [partsOf(given), partsOf(wanted)]
    return from.length === to.length && from.every((part, index) => this.#fits(part, to[index] ?? DYN))
  }

  /** `unknown`: the parameter cannot take the type, but the type may yet take the parameter. */
  #learn(type: CelType, param: CelType & { readonly kind: 'param' }): boolean | 'unknown' {
    if (type.kind === 'param' && type.id === param.id) return true
    const known = this.#known.get(param.id)
    if (known === undefined) {
      if (this.#mentions(type, param.id)) return 'unknown'
      this.#note(param.id, type)
      return true
    }
    if (!this.#fits(type, known)) return false
    const general = this.#mostGeneral(type, known)
    if (!this.#mentions(general, param.id)) this.#note(param.id, general)
    return true
  }

  #mentions(type: CelType, id: string): boolean {
    if (type.kind !== 'param') return partsOf(type).some((part) => this.#mentions(part, id))
    if (type.id === id) return true
    const known = this.#known.get(type.id)
    return known !== undefined && this.#mentions(known, id)
  }

  #mostGeneral(a: CelType, b: CelType): CelType {
    return this.#isAsGeneral(a, b) ? a : b
  }

  #isAsGeneral(a: CelType, b: CelType): boolean {
    if (a.kind === 'dyn' || a.kind === 'param') return true
    if (b.kind === 'dyn' || b.kind === 'param') return false
    if (a.kind === 'null') return false
    if (b.kind === 'null') return isNullable(a)
    if (a.kind !== b.kind) return false
    const [of, than] = [partsOf(a), partsOf(b)]
    return of.length === than.length && of.every((part, index) => this.#isAsGeneral(part, than[index] ?? DYN))
  }
}

/** Messages could be null before CEL had optionals; moments and optionals were messages. */
const isNullable = ({ kind }: CelType): boolean =>
  kind === 'null' || kind === 'timestamp' || kind === 'duration' || kind === 'optional' || kind === 'abstract'
