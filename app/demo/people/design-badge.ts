import type { School, Stage } from './stage.ts'

export interface Badge {
  readonly id: string
  readonly slug: string
}

const both = (nl: string, en: string) => ({ nl, en })

/** Journey: a badge class with SMART criteria, a level of a framework and a second person who approves it. */
export async function designBadge({ operator, checks, url }: Stage, school: School): Promise<Badge> {
  const { check } = checks
  checks.journey('Design and publish a badge with criteria and levels')
  const { owner, designer, awarder, slug } = school
  const setting = await owner.change('PATCH', '/v1/organisations/settings', {
    secondPerson: { publishAchievement: true },
  })
  check('the organisation wants four eyes on what is published', setting.status, 200)

  const vague = {
    language: 'nl',
    name: both('Samen onderzoeken', 'Doing research together'),
    description: both('Een voorbeeldbadge.', 'A sample badge.'),
    criteria: both('Zie de lijst.', 'See the list.'),
    badgeType: 'regular',
    criteriaItems: [{ id: 'vague', text: both('Begrijpt het goed.', 'Understands it well.') }],
  }
  const told = await designer.post('/v1/achievements/check', { definition: vague })
  const gaps = told.body.advice?.map((item: { gap: string }) => item.gap) ?? []
  check(
    'the SMART check says what a vague criterion lacks',
    ['verb-vague', 'measure-missing', 'due-missing'].filter((gap) => !gaps.includes(gap)),
    [],
  )

  const found = await designer.get('/v1/alignment-targets?q=EQF')
  const level = found.body.items.find(
    (item: { alignment: { targetCode?: string } }) => item.alignment.targetCode === '4',
  )?.alignment
  check('a level of EQF is found by its name', level === undefined, false)
  const definition = {
    ...vague,
    purpose: both('Laat zien wat is geleerd.', 'Shows what was learnt.'),
    audience: both('Leerlingen.', 'Pupils.'),
    recognises: ['skill'],
    recognisedThrough: 'result',
    learningOutcomes: [both('Voert een onderzoek uit.', 'Carries out an enquiry.')],
    workload: { unit: 'hours', amount: 20 },
    criteriaItems: [
      {
        id: 'report',
        text: both('Schrijft een onderzoeksverslag van tien bladzijden.', 'Writes a report of ten pages.'),
        measure: both('Bladzijden', 'Pages'),
        target: both('10', '10'),
        evidence: 'product',
        due: 'P60D',
        reviewable: true,
      },
    ],
    alignments: level === undefined ? [] : [{ ...level, basis: 'self-assessed' }],
  }
  const made = await designer.post('/v1/achievements', {
    issuerId: school.issuerId,
    slug: `${slug}-research`,
    definition,
  })
  check('the designer saves a draft', [made.status, made.body.code], [201, undefined])
  const version = `/v1/achievements/${made.body.id}/versions/1`
  const seen = { 'if-match': '"v1"' }
  const early = await designer.post(`${version}/publish`)
  check(
    'it is not published unseen, and what is possible is said',
    [early.status, early.body.parameters?.possible],
    [409, ['submit']],
  )
  const submitted = await designer.post(`${version}/submit`, { note: 'Please look.' }, seen)
  const stale = await awarder.post(`${version}/approve`, {}, { 'if-match': '"v7"' })
  const approved = await awarder.post(`${version}/approve`, { note: 'Good.' }, seen)
  const published = await designer.post(`${version}/publish`)
  check(
    'handed in, approved by another person who has seen this very revision, published',
    [submitted.status, stale.status, approved.status, published.status],
    [200, 412, 200, 200],
  )
  const page = await (await operator.signIn(school.at('visitor'))).get(`/achievements/${made.body.id}`)
  check('its document is public', page.status, 200)
  checks.note(`${url}/achievements/${made.body.id}`)
  return { id: made.body.id, slug: `${slug}-research` }
}
