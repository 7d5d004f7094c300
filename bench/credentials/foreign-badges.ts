import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'

const V2 = 'https://www.w3.org/ns/credentials/v2'
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/'

/** How the badges of several issuers differ: in their contexts, and in what they say. */
const CONTEXTS: readonly (readonly string[])[] = [
  [V2, `${OB}context-3.0.3.json`],
  [V2, `${OB}context-3.0.3.json`, `${OB}extensions.json`],
  [V2, `${OB}context-3.0.2.json`],
  [V2, `${OB}context-3.0.3.json`, 'https://w3id.org/security/data-integrity/v2'],
]

const FORMS = ['plain', 'aligned', 'graded', 'evidenced', 'hashed'] as const

/** Badges as others write them: each of another achievement, in several forms and with several sets of contexts. */
export const foreignBadges = (count: number, issuer: string): readonly JsonObject[] =>
  Array.from({ length: count }, (_, number) => {
    const form = FORMS[number % FORMS.length] ?? 'plain'
    const base = `https://issuer-${number % 7}.example.org`
    return {
      '@context': CONTEXTS[number % CONTEXTS.length] ?? [],
      id: `urn:uuid:00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
      type: ['VerifiableCredential', number % 2 === 0 ? 'OpenBadgeCredential' : 'AchievementCredential'],
      issuer: { id: issuer, type: ['Profile'], name: `Issuer ${number % 7}`, url: base },
      validFrom: '2026-01-15T09:00:00Z',
      name: `Badge ${number}`,
      credentialSubject: {
        type: ['AchievementSubject'],
        ...(form === 'hashed' ? hashedPerson(number) : { id: `urn:uuid:subject-${number}` }),
        achievement: {
          id: `${base}/achievements/${number}`,
          type: ['Achievement'],
          achievementType: 'Competency',
          name: `Achievement ${number}`,
          description: `What somebody can do who was taught number ${number}.`,
          criteria: { narrative: `Passed test ${number} with 7 or more, in **one** go.` },
          image: {
            id: `${base}/images/${number}.png`,
            type: 'Image',
            caption: `A picture of ${number}`,
          },
          ...(form === 'aligned' ? { alignment: alignments(number) } : {}),
          ...(form === 'graded' ? { resultDescription: [resultDescription(base, number)] } : {}),
        },
        ...(form === 'graded' ? { result: [result(base, number)] } : {}),
      },
      ...(form === 'evidenced'
        ? {
            evidence: [
              {
                id: `${base}/evidence/${number}`,
                type: ['Evidence'],
                name: 'Report',
                narrative: `Page ${number}.`,
              },
            ],
          }
        : {}),
    }
  })

const hashedPerson = (number: number): JsonObject => ({
  identifier: [
    {
      type: 'IdentityObject',
      hashed: true,
      identityHash: `sha256$${number.toString(16).padStart(64, '0')}`,
      identityType: 'emailAddress',
      salt: `salt-${number}`,
    },
  ],
})

const alignments = (number: number): readonly JsonObject[] =>
  [1, 2].map((each) => ({
    type: ['Alignment'],
    targetName: `Skill ${number}.${each}`,
    targetUrl: `https://frameworks.example.org/skills/${number}/${each}`,
    targetFramework: 'Sample framework',
    targetType: 'CFItem',
  }))

const resultDescription = (base: string, number: number): JsonObject => ({
  id: `${base}/achievements/${number}/result`,
  type: ['ResultDescription'],
  name: 'Mark',
  resultType: 'LetterGrade',
  allowedValue: ['C', 'B', 'A'],
  requiredValue: 'B',
})

const result = (base: string, number: number): JsonObject => ({
  type: ['Result'],
  resultDescription: `${base}/achievements/${number}/result`,
  value: 'A',
})

/** The same badge with one word changed, deep inside. */
export function tampered(badge: JsonObject): JsonObject {
  const subject = badge['credentialSubject']
  const achievement = isJsonObject(subject) ? subject['achievement'] : undefined
  if (!isJsonObject(subject) || !isJsonObject(achievement) || isJsonArray(achievement))
    throw new Error('A badge has no achievement.')
  const changed = { ...achievement, description: 'What somebody else can do.' }
  return { ...badge, credentialSubject: { ...subject, achievement: changed } }
}
