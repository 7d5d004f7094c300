import type * as z from 'zod'
import type { institution, institutionShown, NamedProfile } from '#api/schemas/profiles.ts'
import type { SubjectParticulars, SubjectParticularsShown } from '#api/schemas/subject-particulars.ts'
import type { Institution, NamedProfile as Named } from '#engine/credentials/issuer-profile.ts'
import type { SubjectParticulars as Particulars } from '#engine/credentials/subject-particulars.ts'
import { formatInstant, parseInstant } from '#engine/shared/instant.ts'
import { given } from './shown.ts'

type Said<None extends null> = {
  readonly [Name in keyof typeof institution]?: z.output<(typeof institution)[Name]> | None | undefined
}
type Read<None extends null> = {
  readonly [Name in keyof Institution]?: Exclude<Institution[Name], undefined> | None
}

/** What an issuer says of itself, as it was sent: null, where it may be, takes a member away. */
export function readInstitution<None extends null = never>({ address, parentOrg, ...rest }: Said<None>) {
  return given({
    ...rest,
    address: address && { ...given(address) },
    parentOrg: parentOrg && readNamed(parentOrg),
  }) as Read<None>
}

const readNamed = (profile: z.output<typeof NamedProfile>): Named => given(profile)

type Shown = { readonly [Name in keyof typeof institutionShown]: z.input<(typeof institutionShown)[Name]> }

export const showInstitution = ({
  official,
  phone,
  address,
  otherIdentifiers = [],
  parentOrg,
}: Institution): Shown => ({
  official: official ?? null,
  phone: phone ?? null,
  address: address === undefined ? null : { ...address },
  otherIdentifiers: otherIdentifiers.map((each) => ({ ...each })),
  parentOrg: parentOrg === undefined ? null : showNamed(parentOrg),
})

const showNamed = ({ otherIdentifiers, ...profile }: Named) => ({
  ...profile,
  ...(otherIdentifiers === undefined
    ? {}
    : { otherIdentifiers: otherIdentifiers.map((each) => ({ ...each })) }),
})

export const readParticulars = ({
  activityStartDate,
  activityEndDate,
  source,
  ...rest
}: z.output<typeof SubjectParticulars>): Particulars => ({
  ...given(rest),
  ...given({
    activityStartDate: activityStartDate === undefined ? undefined : parseInstant(activityStartDate),
    activityEndDate: activityEndDate === undefined ? undefined : parseInstant(activityEndDate),
    source: source && readNamed(source),
  }),
})

export const showParticulars = ({
  activityStartDate,
  activityEndDate,
  source,
  ...rest
}: Particulars): z.input<typeof SubjectParticularsShown> => ({
  ...rest,
  ...(activityStartDate === undefined ? {} : { activityStartDate: formatInstant(activityStartDate) }),
  ...(activityEndDate === undefined ? {} : { activityEndDate: formatInstant(activityEndDate) }),
  ...(source === undefined ? {} : { source: showNamed(source) }),
})
