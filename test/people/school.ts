import { expect } from 'vitest'
import { RIGHTS, type Right } from '#engine/access/rights.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation } from '#test/product/test-product.ts'

export const patch = (by: ApiCaller, path: string, body: object, revision: number) =>
  by.send('PATCH', path, JSON.stringify(body), {
    'content-type': 'application/json',
    'if-match': `"v${revision}"`,
  })
export const remove = (by: ApiCaller, path: string) => by.send('DELETE', path, undefined)

export async function accountOf(person: ApiCaller): Promise<AccountId> {
  return (await person.get('/v1/session')).body.accountId
}

/** A product with one organisation, and ways to the people in it. */
export async function startSchool(slug: string) {
  const product = await startTestProduct()
  const school = await product.organisation(slug)
  /** Signed in as the one who made the school. */
  const owner = await signedIn(product, `owner@${slug}.example.org`)

  /** A member of an organisation with these rights, signed in. */
  async function member(
    address: string,
    rights: readonly Right[] = RIGHTS,
    of: TestOrganisation = school,
  ): Promise<ApiCaller> {
    const person = await signedIn(product, address)
    const accountId = await accountOf(person)
    await product.running.parts.database.asWorker((stores) => addMember(stores, of, accountId, rights))
    return person
  }

  async function membershipOf(address: string, by: ApiCaller = owner): Promise<{ id: string }> {
    const { items } = (await by.get('/v1/members?limit=100')).body
    return items.find(({ emails }: { emails: string[] }) => emails.includes(address))
  }

  async function roleNamed(name: string, by: ApiCaller = owner): Promise<{ id: string }> {
    const { items } = (await by.get('/v1/roles')).body
    return items.find((role: { name: string }) => role.name === name)
  }

  /** The token in the newest mail to an address. */
  async function tokenTo(address: string, nth = 1): Promise<string> {
    const mails = () => product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes(address))
    await expect.poll(() => mails().length, { timeout: 20_000 }).toBe(nth)
    const text = String(mails().at(-1)?.text)
    return /\/invitation#([\w-]+)/.exec(text)?.[1] ?? ''
  }

  return { product, school, owner, member, membershipOf, roleNamed, tokenTo }
}
