/** VC Data Model 2.0; always the first context. */
export const VC_CONTEXT = 'https://www.w3.org/ns/credentials/v2'

/** Open Badges 3.0.3 (the text of June 2026, with `endorsementJwt`); always the second context. */
export const OB_CONTEXT = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'

/** The contexts of everything that we issue as a badge or an endorsement, in the order that the schema demands. */
export const BADGE_CONTEXTS: readonly string[] = [VC_CONTEXT, OB_CONTEXT]
