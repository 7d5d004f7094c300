import { AsyncLocalStorage } from 'node:async_hooks'

const scope = new AsyncLocalStorage<() => string>()

/** Does something for a caller: whatever it comes to is done in the caller's name. Who that is may show only later. */
export const asCaller = <T>(caller: () => string, act: () => T): T => scope.run(caller, act)

/** For whom something is done now; undefined for the product itself. */
export const callerNow = (): string | undefined => scope.getStore()?.()
