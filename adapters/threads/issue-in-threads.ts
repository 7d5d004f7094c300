import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { IssueMany, OneIssuing } from '#services/ports/issue-many.ts'
import type { LentKey, SigningKey } from '#services/ports/key-store.ts'
import type { IssuingThreads } from './issuing-threads.ts'

/** A message to a thread and back takes as long as a few signatures; fewer documents than this stay here. */
const LEAST_FOR_THREADS = 32

/** So many at a time go to one thread: whoever has most is not waited for long. */
const MOST_IN_MESSAGE = 128

/** So many are signed at a time where the caller runs, some two milliseconds of it; then others have their turn. */
const AT_A_TIME = 25

/**
 * Issues many documents: in threads where there are enough of them, threads stand ready, and the key can be lent; else here.
 * What a thread did not sign is done again here, so that it fails here, or does not.
 */
export const createIssueMany = (
  suite: Pick<CredentialSuite, 'issue' | 'nextTurn'>,
  threads?: IssuingThreads,
): IssueMany => {
  const here: IssueMany = async (documents, key, created) => {
    const issued: OneIssuing[] = []
    for (let from = 0; from < documents.length; from += AT_A_TIME) {
      if (from > 0) await suite.nextTurn()
      const some = documents.slice(from, from + AT_A_TIME)
      issued.push(
        ...(await Promise.all(
          some.map((document) =>
            suite.issue(document, key, created).catch((error: unknown) => ({ ok: false, error }) as const),
          ),
        )),
      )
    }
    return issued
  }

  return async (documents, key, created) => {
    const ready =
      threads === undefined || !isLent(key) || documents.length < LEAST_FOR_THREADS ? 0 : threads.ready()
    if (threads === undefined || ready === 0 || !isLent(key)) return here(documents, key, created)
    const size = Math.min(MOST_IN_MESSAGE, Math.ceil(documents.length / ready))
    const parts: Promise<readonly OneIssuing[]>[] = []
    for (let from = 0; from < documents.length; from += size) {
      const some = documents.slice(from, from + size)
      parts.push(
        threads.issue(some, key, created).then(async (signed) => {
          const left = some.filter((_, at) => signed[at] === undefined)
          const again = left.length === 0 ? [] : [...(await here(left, key, created))]
          return signed.map((one): OneIssuing => {
            if (one !== undefined) return { ok: true, ...one }
            return again.shift() ?? { ok: false, error: new Error('A document was lost') }
          })
        }),
      )
    }
    return (await Promise.all(parts)).flat()
  }
}

const isLent = (key: SigningKey): key is SigningKey & { readonly lent: LentKey } => key.lent !== undefined
