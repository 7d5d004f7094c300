import { RIGHTS, type Right } from './rights.ts'

/** The roles that every organisation has from its beginning. They never change; an own role does. */
export const BUILT_IN_ROLES = [
  { builtIn: 'administrator', name: 'Administrator', rights: RIGHTS },
  { builtIn: 'designer', name: 'Designer', rights: ['create', 'read', 'update', 'delete'] },
  { builtIn: 'awarder', name: 'Awarder', rights: ['read', 'award'] },
  { builtIn: 'viewer', name: 'Viewer', rights: ['read'] },
] as const satisfies readonly {
  readonly builtIn: string
  readonly name: string
  readonly rights: readonly Right[]
}[]

export type BuiltInRole = (typeof BUILT_IN_ROLES)[number]['builtIn']
