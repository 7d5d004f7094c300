import { toBase64 } from '#adapters/crypto/multibase.ts'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { buildEndorsement } from '#engine/endorsements/endorsement-document.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { CREATED, goodBadge, HOSTILE, METHOD, token } from '#test/credentials/hostile/hostile-issuer.ts'
import { achievement, keyOf, suite } from '#test/verification/sample-issuer.ts'
import { trustList } from '#test/verification/sample-trust-list.ts'

const MOST = 9_900_000

const filled = (begin: string, text: string, end: string): Uint8Array =>
  utf8(`${begin}${text.repeat(Math.floor((MOST - begin.length - end.length) / text.length))}${end}`)

const listed = (at: number) => ({
  name: `School ${at}`,
  ids: [`did:web:school-${at}.example.org`, `https://school-${at}.example.org/issuers/old`],
  onChain: [`0x${String(at).padStart(40, '0')}`],
  domain: `school-${at}.example.org`,
  brin: '00AA',
  ror: 'https://ror.org/012345678',
  since: '2024-09-01T00:00:00Z',
})

type Body = () => Uint8Array | Promise<Uint8Array>

/** Bodies of `POST /v1/verify` just within their bound. */
export const REQUEST_BODIES: ReadonlyMap<string, Body> = new Map<string, Body>([
  ['a file in base64', () => filled('{"file":"', 'QUJD', '"}')],
  ['nothing but escapes', () => filled('{"credential":"', '\\n', '"}')],
  ['nothing but written-out characters', () => filled('{"credential":"', '\\u00e9', '"}')],
  ['one number', () => filled('{"credential":', '9', '}')],
  ['white space', () => filled('', ' ', '{}')],
  ['one long name', () => filled('{"', 'x', '":1}')],
  ['letters of three bytes', () => filled('{"credential":"', '\u20ac', '"}')],
  [
    'twenty large endorsements',
    () => filled('{"endorsements":[', `{"name":"${'x'.repeat(494_000)}"},`, '{}]}'),
  ],
  [
    'a badge with a signed trust list of 1,790 issuers',
    async () => {
      const issuers = Array.from({ length: 1790 }, (_, at) => listed(at))
      return utf8(JSON.stringify({ credential: await goodBadge(), trustLists: [trustList({ issuers })] }))
    },
  ],
])

const MOST_INSIDE = 16

/** A token with an endorsement of the achievement, by the same stranger. */
function endorsement(at: number): Promise<string> {
  const { unsigned } = buildEndorsement(
    {
      uuid: `7f0a1d5e-0000-4000-8000-${String(at).padStart(12, '0')}`,
      endorser: { did: HOSTILE, name: 'A stranger' },
      target: {
        id: 'https://stranger.example.net/achievements/1',
        name: achievement.name,
        bytes: achievementBytes(achievement, false),
        mediaType: 'application/ld+json',
      },
      scope: 'criteria',
      comment: 'Meets what the trade asks.',
      validFrom: CREATED,
    },
    suite.sha256,
    toBase64,
  )
  return token({ alg: 'EdDSA', typ: 'vc+jwt', kid: METHOD }, unsigned)
}

/** A presentation of as many credentials as are looked at, each with so many endorsements inside. */
async function presentation(endorsements: number): Promise<Uint8Array> {
  const verifiableCredential = []
  for (let at = 0; at < MOST_INSIDE; at++) {
    const inside = Array.from({ length: endorsements }, (_, each) => endorsement(at * MOST_INSIDE + each))
    const endorsementJwt = await Promise.all(inside)
    verifiableCredential.push(await goodBadge(endorsements === 0 ? {} : { endorsementJwt }))
  }
  const unsigned = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    holder: HOSTILE,
    verifiableCredential,
  }
  const credential = await suite.addProof(unsigned, keyOf(HOSTILE, 60), CREATED, {
    purpose: 'authentication',
  })
  return utf8(JSON.stringify({ credential }))
}

/** Whose report is printed as well. */
export const PRESENTATIONS: ReadonlyMap<string, Body> = new Map<string, Body>([
  ['sixteen credentials', () => presentation(0)],
  ['sixteen credentials with sixteen endorsements each', () => presentation(MOST_INSIDE)],
])
