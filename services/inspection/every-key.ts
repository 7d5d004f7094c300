import type { FindDid } from '#services/verify/resolve-key.ts'

/**
 * Keys as they were when they signed. An inspection asks whether stored bytes are those that were signed: a key that was compromised
 * since tells that as well as any. Whether to believe them is for a verifier.
 */
export const everyKey =
  (findDid: FindDid): FindDid =>
  async (did) => {
    const document = await findDid(did)
    if (typeof document === 'string') return document
    const revoked = document.methods.filter((method) => method.revoked !== undefined)
    return {
      ...document,
      methods: document.methods.map(({ revoked: _since, ...method }) => method),
      assertionMethod: [...document.assertionMethod, ...revoked.map(({ id }) => id)],
    }
  }
