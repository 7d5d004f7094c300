import { AsyncLocalStorage } from 'node:async_hooks'

const scope = new AsyncLocalStorage<() => string>()

/** Does something for a caller: whatever it comes to is done in the caller's name. Who that is may show only later. */
export const asCaller = <T>(caller: () => string, act: () => T): T => scope.run(caller, act)

/** Does something for the product itself, whoever asked: what is done for many callers at once is done in nobody's name. */
export const asProduct = <T>(act: () => T): T => scope.exit(act)

/** For whom something is done now; undefined for the product itself. */
export const callerNow = (): string | undefined => scope.getStore()?.()
