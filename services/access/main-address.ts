import type { Account } from '#services/ports/account-store.ts'

/** Where the owner of an account is written to: the address that they chose, else the first that they proved. */
export function mainAddress(account: Pick<Account, 'identities'> | undefined): string | undefined {
  const addresses = account?.identities.filter(({ type }) => type === 'email') ?? []
  return (addresses.find(({ isPrimary }) => isPrimary) ?? addresses[0])?.value
}
