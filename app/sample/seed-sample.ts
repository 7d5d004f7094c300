import type { Principal } from '#engine/access/rights.ts'
import { RIGHTS } from '#engine/access/rights.ts'
import { parseCloudEvent } from '#engine/events/cloud-event.ts'
import type { AccountId, CredentialId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import type { Organisation } from '#services/ports/organisation-store.ts'
import type { Product } from '../compose.ts'
import type { RunningProduct } from '../start-product.ts'
import { firstSampleEvents, SAMPLE } from './sample-story.ts'

/** What the first start leaves behind for the next ones and for the demo. Tokens of sample data only. */
export interface SampleNotes {
  readonly organisationId: string
  readonly apiKey: string
  /** Opens the verify page with the first anchored badge. */
  readonly verifyUrl: string
}

export interface SampleReport extends SampleNotes {
  readonly events: number
  readonly awards: number
  readonly issued: number
  readonly batches: number
}

const OPERATOR: Principal = { kind: 'operator' }

/** The sample organisation, whole or cut off in the middle. Its owner is in it from the first moment. */
export async function findSample(running: RunningProduct): Promise<Organisation | undefined> {
  const { signIn, organisations } = running.product.routes
  const accountId = await ownerAccount(running.parts)
  const owner: Principal = {
    kind: 'session',
    accountId,
    sessionId: '',
    grants: await signIn.grants(accountId),
  }
  return (await organisations.mine(owner)).find(
    ({ slug, sample }) => sample && slug === SAMPLE.organisation.slug,
  )
}

/**
 * Makes the sample organisation with an issuer, two achievements and their rules, plays sample events through it, and
 * takes one badge home in the name of its sample earner. Goes through the same use cases as everybody.
 * What is there already is left as it is, so that a first start that was cut off can be finished by the next one.
 */
export async function seedSample(
  running: RunningProduct,
  progress: (line: string) => void,
): Promise<SampleReport> {
  const { product } = running
  const { routes } = product
  const { id } = (await findSample(running)) ?? (await makeOrganisation(running))
  const issuer =
    (await routes.issuers.list(OPERATOR, id)).find(({ slug }) => slug === SAMPLE.issuer.slug) ??
    (await routes.issuers.create(OPERATOR, id, SAMPLE.issuer))
  await makeAchievements(product, id, issuer.id)
  await makeRules(product, id)
  progress(
    `${SAMPLE.organisation.name}: issuer, ${SAMPLE.achievements.length} achievements, ${SAMPLE.rules.length} rules`,
  )

  const incoming = firstSampleEvents().map((document) => {
    const parsed = parseCloudEvent(document)
    if (!parsed.ok) throw new Error(`A sample event is faulty: ${parsed.faults[0]?.message}`)
    return { event: parsed.event, document, mediaType: 'application/cloudevents+json' }
  })
  await routes.ingestEvents(OPERATOR, id, incoming)
  progress(`${incoming.length} sample events received`)

  const numbers = () => routes.overview.numbers(OPERATOR, id)
  await until(async () => (await numbers()).events.received === 0)
  const awards = total((await numbers()).awards)
  progress(`${awards} awards decided by the rules`)
  await until(async () => ((await numbers()).awards['issued'] ?? 0) === awards)
  progress(`${awards} badges signed`)
  await until(async () => {
    const { items } = await routes.awards.list(OPERATOR, id, { limit: 100 }, {})
    return items.every(({ anchor }) => anchor === 'final')
  })
  const { batches } = await numbers()
  progress(`anchored in ${batches.length === 1 ? 'one batch' : `${batches.length} batches`} on chain`)

  const verifyUrl = await claimOne(product, id)
  const { text: apiKey } = await routes.apiKeys.create(OPERATOR, id, {
    name: 'Sample key for the demo',
    rights: RIGHTS,
  })
  return {
    organisationId: id,
    apiKey,
    verifyUrl,
    events: incoming.length,
    awards,
    issued: awards,
    batches: batches.length,
  }
}

async function makeOrganisation({ product, parts }: RunningProduct): Promise<Organisation> {
  const owner = await ownerAccount(parts)
  const wanted = { ...SAMPLE.organisation, sample: true, owner }
  const { organisation } = await product.routes.organisations.create(OPERATOR, wanted)
  return organisation
}

async function makeAchievements(
  { routes }: Product,
  organisationId: OrganisationId,
  issuerId: IssuerId,
): Promise<void> {
  const { items: there } = await routes.achievements.list(OPERATOR, organisationId, { limit: 100 })
  for (const { slug, definition, listing } of SAMPLE.achievements) {
    const { achievement, versions } =
      there.find((each) => each.achievement.slug === slug) ??
      (await routes.achievements.create(OPERATOR, organisationId, { issuerId, slug, definition }))
    if (versions[0]?.state === 'draft')
      await routes.achievements.publish(OPERATOR, organisationId, achievement.id, 1)
    // The first look at the catalogue shows something, marked as sample data.
    if (achievement.listing === 'unlisted')
      await routes.shareAchievements.setListing(OPERATOR, organisationId, achievement.id, listing)
  }
}

async function makeRules({ routes }: Product, organisationId: OrganisationId): Promise<void> {
  const there = await routes.rules.list(OPERATOR, organisationId)
  for (const { name, document } of SAMPLE.rules) {
    const { rule, versions } =
      there.find((each) => each.rule.name === name) ??
      (await routes.rules.create(OPERATOR, organisationId, { name, document }))
    if (versions[0]?.state === 'draft') await routes.rules.activate(OPERATOR, organisationId, rule.id, 1)
  }
}

/** Takes the first badge home as its earner would, by the link in the mail, and shares it. */
async function claimOne({ routes }: Product, organisationId: OrganisationId): Promise<string> {
  const { items: mails } = await routes.overview.mail(OPERATOR, organisationId, { limit: 100 })
  const token = mails
    .map(({ text }) => /\/claim#([\w-]+)/.exec(text)?.[1])
    .findLast((found) => found !== undefined)
  if (token === undefined) throw new Error('No sample badge was offered to anybody.')
  const { credentialId, session } = await routes.claims.accept(token)
  if (session === undefined) throw new Error('A claim link has opened no session.')
  const earner: Principal = { kind: 'session', accountId: session.accountId, sessionId: '', grants: [] }
  const { url, verifyUrl } = await routes.sharing.share(earner, credentialId as CredentialId, {
    label: '',
    omits: [],
  })
  return verifyUrl ?? url
}

async function ownerAccount(parts: RunningProduct['parts']): Promise<AccountId> {
  return parts.database.asWorker((stores) =>
    stores.access.accountOf({ type: 'email', value: SAMPLE.owner }, crypto.randomUUID() as AccountId),
  )
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, each) => sum + each, 0)

async function until(isDone: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await isDone())) {
    if (performance.now() > deadline)
      throw new Error('The sample did not get through in time; the log says why.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
