import { defineError } from './define-error.ts'

export const databaseErrors = {
  databaseUnavailable: defineError(
    'database-unavailable',
    503,
    true,
    'The database did not answer in time. Nothing was changed; try again later.',
    () => 'The database cannot be reached at the moment. Try again later.',
  ),
} as const
