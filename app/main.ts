#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Half of a start is compiling two thousand modules: kept from one start to the next, beside what npm installed, where
// nobody writes but who may change the code itself. NODE_COMPILE_CACHE names another folder; where none can be written
// everything is compiled as before. It has to be asked for before what it is to keep is read: hence a file of its own.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/waarmerk'))
await import('./run-command.ts')
