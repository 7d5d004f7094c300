import * as z from 'zod'
import {
  type OtherIdentifier as Identifier,
  identifierFault,
  isOfPerson,
  repeatedIdentifiers,
} from '#engine/credentials/identifier-entry.ts'
import { isCountryCode } from '#engine/credentials/postal-address.ts'
import { Did, text, title, webAddress } from './common.ts'

const IDENTIFIER_TYPE =
  /^(?:name|sourcedId|systemId|productId|userName|accountId|emailAddress|nationalIdentityNumber|isbn|issn|lisSourcedId|oneRosterSourcedId|sisSourcedId|ltiContextId|ltiDeploymentId|ltiToolId|ltiPlatformId|ltiUserId|identifier|ext:[a-zA-Z0-9_-]+)$/

/** A type without its checks: what is there already may be older than they are. */
export const OtherIdentifier = z.strictObject({
  identifier: text(300),
  type: z.string().max(100).regex(IDENTIFIER_TYPE).describe('Of the Open Badges vocabulary, or `ext:…`.'),
})

/** Of an organisation, as they come in: of known registers in their form, and each once. */
const OtherIdentifiers = z
  .array(OtherIdentifier)
  .min(1)
  .max(20)
  .superRefine((all: readonly Identifier[], context) => {
    for (const [at, each] of all.entries()) {
      const message = identifierFault(each)
      if (message !== undefined)
        context.addIssue({ code: 'custom', message, path: [at, isOfPerson(each) ? 'type' : 'identifier'] })
    }
    for (const at of repeatedIdentifiers(all))
      context.addIssue({ code: 'custom', message: 'Each identifier stands once', path: [at] })
  })
  .describe(
    'By what registers know it: `ext:BRIN`, `ext:ROR`, `ext:KVK`, `ext:OIN` and `ext:OID` in the form of their register, others as they are, without commas. None that people have, such as `emailAddress`. Each once, whatever the case of its type.',
  )

const PostalAddress = z
  .strictObject({
    streetAddress: title(300).optional(),
    postOfficeBoxNumber: title(50).optional(),
    postalCode: title(20).optional(),
    addressLocality: title(200).optional(),
    addressRegion: title(200).optional(),
    addressCountry: title(200).optional().describe('Its name.'),
    addressCountryCode: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .refine(isCountryCode, 'No country of ISO 3166-1')
      .optional()
      .describe('ISO 3166-1 alpha-2.'),
    geo: z
      .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
      .optional(),
  })
  .refine((address) => Object.values(address).some((value) => value !== undefined), 'At least one member')

const WebAddress = webAddress(500)

/** Somebody else, as a document names them. */
export const NamedProfile = z.strictObject({
  id: z.union([WebAddress, Did]).describe('A DID, or an address.'),
  name: title(200),
  url: WebAddress.optional(),
  official: title(300).optional(),
  otherIdentifiers: OtherIdentifiers.optional(),
})

/** What an issuer says of itself as an institution. */
export const institution = {
  official: title(300).describe('The name that it is registered under.'),
  phone: z.e164().describe('E.164: `+31201234567`.'),
  address: PostalAddress,
  otherIdentifiers: OtherIdentifiers,
  parentOrg: NamedProfile.describe('What it is a part of, such as its university.'),
}

const NamedProfileShown = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string().optional(),
  official: z.string().optional(),
  otherIdentifiers: z.array(z.strictObject({ identifier: z.string(), type: z.string() })).optional(),
})

/** The same as it is shown: null where it says nothing. */
export const institutionShown = {
  official: z.string().nullable(),
  phone: z.string().nullable(),
  address: z
    .strictObject({
      streetAddress: z.string().optional(),
      postOfficeBoxNumber: z.string().optional(),
      postalCode: z.string().optional(),
      addressLocality: z.string().optional(),
      addressRegion: z.string().optional(),
      addressCountry: z.string().optional(),
      addressCountryCode: z.string().optional(),
      geo: z.strictObject({ latitude: z.number(), longitude: z.number() }).optional(),
    })
    .nullable(),
  otherIdentifiers: z.array(z.strictObject({ identifier: z.string(), type: z.string() })),
  parentOrg: NamedProfileShown.nullable(),
}
