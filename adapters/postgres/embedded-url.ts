/** The address under which the owner of a private PostgreSQL reaches one of its databases. */
export const embeddedUrl = (server: {
  readonly password: string
  readonly port: number
  readonly database: string
}): string =>
  `postgresql://app:${server.password}@127.0.0.1:${server.port}/${encodeURIComponent(server.database)}`
