// Where every thread begins (see `open-thread.ts`): with the compiled code that this process keeps, if it keeps any. It is no
// TypeScript, as reading that takes what is to be saved here.
import { enableCompileCache } from 'node:module'

const [, , script, kept] = process.argv
if (kept !== undefined) enableCompileCache(kept)
await import(script)
