/** Why a private PostgreSQL did not come up; `app/` words it for the person who started the product. */
export type EmbeddedPostgresFault =
  /** There is no binary package for this platform. */
  | 'no-binary'
  /** We are root, and no way was found to run PostgreSQL as someone else. */
  | 'no-identity'
  /** The folder holds something that is not, or no longer, a database of ours. */
  | 'damaged'
  /** The database in the folder belongs to another user of this machine. */
  | 'foreign-owner'
  /** The database was made by another major version of PostgreSQL. */
  | 'other-version'
  /** A server of an earlier start is still there and does not go away. */
  | 'left-over'
  /** The folder cannot be written. */
  | 'not-writable'
  /** PostgreSQL said no; its last log lines are the cause. */
  | 'failed'

export class EmbeddedPostgresError extends Error {
  readonly fault: EmbeddedPostgresFault
  readonly directory: string

  constructor(fault: EmbeddedPostgresFault, directory: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EmbeddedPostgresError'
    this.fault = fault
    this.directory = directory
  }
}
