import { DID, document, ENDORSER } from './sample-badge.ts'

const passed = (name: string, code: string, more: object = {}) => ({
  name,
  outcome: 'passed',
  code,
  detail: `In English: ${code}.`,
  ...more,
})

const credential = {
  id: document.id,
  types: document.type,
  name: document.name,
  issuer: { id: DID, name: 'Sample College', domain: 'badges.example.edu', known: true, knownBy: 'list' },
  achievement: {
    id: document.credentialSubject.achievement.id,
    name: 'Data Detective',
    version: '2',
    description: 'Finds, cleans and explains open data.',
    criteria: 'Finish three workshops.',
    type: 'Badge',
  },
  awardedDate: '2026-11-20T08:59:00Z',
  validFrom: '2026-11-20T09:00:00Z',
  test: false,
  digest: `0x${'5a'.repeat(32)}`,
}

/** As `POST /v1/verify` answers for a good badge. */
export const validReport = {
  verdict: 'valid',
  checkedAt: '2026-11-25T14:30:00Z',
  checks: [
    passed('format', 'readable'),
    passed('schema', 'schema-conforms'),
    passed('proof', 'signature-holds'),
    passed('issuer', 'issuer-known'),
    passed('status', 'not-revoked', { at: '2026-11-25T14:30:00Z' }),
    passed('validity', 'no-end'),
    passed('anchor', 'anchored-not-independent'),
    { ...passed('achievement', 'achievement-stands'), informs: true },
    { ...passed('endorsements', 'endorsement-undecided'), outcome: 'unknown', informs: true },
  ],
  credential,
  anchor: {
    chainId: 31337,
    issuerId: `0x${'5d'.repeat(20)}`,
    contract: `0x${'c0'.repeat(20)}`,
    signer: `0x${'f3'.repeat(20)}`,
    root: `0x${'4b'.repeat(32)}`,
    leafIndex: 17,
    size: 184,
    independent: false,
    anchoredAt: '2026-11-20T09:05:00Z',
  },
  endorsements: [
    {
      verdict: 'undecided',
      checks: [
        passed('proof', 'signature-holds'),
        { ...passed('issuer', 'issuer-unknown'), outcome: 'unknown' },
      ],
      endorser: { id: ENDORSER, name: 'Sample Data Society', known: false },
      comment: 'The criteria match what our members do.',
      embedded: false,
    },
  ],
  notProved: [
    'That the person who shows this badge is the one who earned it.',
    'That what the issuer says of the earner is true, or that the issuer is accredited.',
    'When the badge was awarded: an anchor shows that these bytes existed no later than its block.',
    'That the time of the anchor is right: the chain may be run by badges.example.edu itself or its service.',
  ],
}

/** One byte changed. */
export const invalidReport = {
  ...validReport,
  verdict: 'invalid',
  checks: validReport.checks.map((check) => {
    if (check.name === 'proof') return { ...check, outcome: 'failed', code: 'proof-signature-wrong' }
    if (check.name === 'status') return { ...check, outcome: 'unknown', code: 'status-not-looked-up' }
    return check
  }),
  endorsements: [],
}

/** A good signature of somebody whom nobody knows, on the reader's own machine. */
export const undecidedReport = {
  ...validReport,
  verdict: 'undecided',
  checks: validReport.checks.map((check) =>
    check.name === 'issuer' ? { ...check, outcome: 'unknown', code: 'issuer-unknown' } : check,
  ),
  credential: {
    ...credential,
    test: true,
    issuer: { id: 'did:web:localhost%3A3000:issuers:demo', domain: 'localhost:3000', known: false },
  },
}
