/** Stands where every case has been handled: the compiler names a forgotten one. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`)
}
