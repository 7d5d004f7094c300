/**
 * What differs from award to award in documents that are otherwise alike: the names of members whose text is the award's
 * own, as it stands in the document or inside what lies at these names. `iri` are addresses of things, `text` all else.
 * All that is not named here (contexts, types, issuer, achievement, numbers, texts with a language) is the same in documents
 * of one shape. Only speed depends on it: two documents that differ elsewhere have two shapes.
 */
export interface VariableMembers {
  readonly [name: string]: 'iri' | 'text' | VariableMembers
}

export const VARIABLE_MEMBERS: VariableMembers = {
  id: 'iri',
  validFrom: 'text',
  validUntil: 'text',
  awardedDate: 'text',
  issuanceDate: 'text',
  expirationDate: 'text',
  credentialSubject: {
    id: 'iri',
    narrative: 'text',
    activityStartDate: 'text',
    activityEndDate: 'text',
    licenseNumber: 'text',
    role: 'text',
    term: 'text',
    endorsementComment: 'text',
    identifier: { identityHash: 'text', salt: 'text' },
    result: { value: 'text', resultDescription: 'text', achievedLevel: 'text' },
  },
  evidence: { id: 'iri', name: 'text', narrative: 'text', description: 'text', audience: 'text' },
  credentialStatus: { id: 'iri', statusListIndex: 'text', statusListCredential: 'iri' },
  refreshService: { id: 'iri' },
  // Of a proof, whose options are a document of their own.
  created: 'text',
  verificationMethod: 'iri',
}
