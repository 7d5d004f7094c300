import { join } from 'node:path'
import { findRunningPostgres } from '#adapters/postgres/running-embedded.ts'
import type { Config } from './config.ts'

/** The database that the product makes in its own PostgreSQL, where it is given none. */
export const PRIVATE_DATABASE = 'waarmerk'

export const privateDatabaseFolder = (dataFolder: string): string => join(dataFolder, 'postgres')

/** Where a product with these settings, which runs now, keeps its rows; undefined where its own PostgreSQL is not running. */
export const findDatabase = async ({ DATABASE_URL, DATA_DIR }: Config): Promise<string | undefined> =>
  DATABASE_URL ?? findRunningPostgres(privateDatabaseFolder(DATA_DIR), PRIVATE_DATABASE)
