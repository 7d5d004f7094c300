import type { IssuerProfile } from '#engine/credentials/issuer-profile.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'

/** What an issuer says of itself now: in its profile, and in every badge that is prepared from now on. */
export function profileOf({
  did,
  name,
  url,
  email,
  description,
  official,
  phone,
  address,
  otherIdentifiers,
  parentOrg,
}: Issuer): IssuerProfile {
  const known = { email, description, official, phone, address, otherIdentifiers, parentOrg }
  return {
    did,
    name,
    url,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  }
}
