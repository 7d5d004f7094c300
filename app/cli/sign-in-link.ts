import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { createSignIn } from '#services/access/sign-in.ts'
import type { Config } from '../config.ts'
import { findDatabase } from '../private-database.ts'
import { checkDatabase } from '../start-checks.ts'
import { EXIT, StartError } from '../start-errors.ts'

/** For the operator of an installation: whoever reads the link may sign in as that address, once. */
export async function printSignInLink(
  config: Config,
  email: string | undefined,
  print: (line: string) => void,
): Promise<void> {
  const databaseUrl = await findDatabase(config)
  if (databaseUrl === undefined)
    throw new StartError(
      'sign-in-link needs DATABASE_URL, or a product that runs here with its private database: start it first.',
      EXIT.settings,
    )
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email))
    throw new StartError(
      'sign-in-link needs the e-mail address of the person who is to sign in.',
      EXIT.settings,
    )
  await checkDatabase(databaseUrl)
  const database = openDatabase(databaseUrl, { connections: 1 })
  try {
    const signIn = createSignIn({
      database,
      clock: systemClock,
      random: createSystemRandom(),
      hashes: { sha256, keccak256 },
      wakeUps: { wake: async () => undefined },
      origin: config.PUBLIC_URL,
    })
    print(await signIn.link({ type: 'email', value: email.toLowerCase() }))
  } finally {
    await database.close()
  }
}
