/** VC Data Model 2.0; always the first context. */
export const VC_CONTEXT = 'https://www.w3.org/ns/credentials/v2'

/** Open Badges 3.0.3 (the text of June 2026, with `endorsementJwt`); always the second context. */
export const OB_CONTEXT = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'

/** The contexts of everything that we issue as a badge or an endorsement, in the order that the schema demands. */
export const BADGE_CONTEXTS: readonly string[] = [VC_CONTEXT, OB_CONTEXT]

/** Of the Dutch educredential profile: the third context, where an achievement uses it. */
export const EDUCREDENTIAL_CONTEXT =
  'https://raw.githubusercontent.com/educredentials/obv3-examples/refs/heads/main/contexts/educredential.json'

/** Defines the types of 1EdTech for schemas, status and refresh; needed as soon as one of them is named. */
export const OB_EXTENSIONS_CONTEXT = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
