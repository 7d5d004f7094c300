import type { Principal } from '#engine/access/rights.ts'
import { RIGHTS } from '#engine/access/rights.ts'
import { parseCloudEvent } from '#engine/events/cloud-event.ts'
import type { AccountId, CredentialId, OrganisationId } from '#engine/shared/ids.ts'
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

/**
 * Makes the sample organisation with an issuer, two achievements and their rules, plays sample events through it, and
 * takes one badge home in the name of its sample earner. Goes through the same use cases as everybody.
 */
export async function seedSample(
  { product, parts }: RunningProduct,
  progress: (line: string) => void,
): Promise<SampleReport> {
  const { routes } = product
  const owner = await ownerAccount(parts)
  const { organisation } = await routes.organisations.create(OPERATOR, {
    ...SAMPLE.organisation,
    sample: true,
    owner,
  })
  const { id } = organisation
  const issuer = await routes.issuers.create(OPERATOR, id, SAMPLE.issuer)
  for (const { slug, definition } of SAMPLE.achievements) {
    const { achievement } = await routes.achievements.create(OPERATOR, id, {
      issuerId: issuer.id,
      slug,
      definition,
    })
    await routes.achievements.publish(OPERATOR, id, achievement.id, 1)
  }
  for (const { name, document } of SAMPLE.rules) {
    const { rule } = await routes.rules.create(OPERATOR, id, { name, document })
    await routes.rules.activate(OPERATOR, id, rule.id, 1)
  }
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
  await until(async () =>
    (await numbers()).batches.some(({ state, realLeaves }) => state === 'final' && realLeaves >= awards),
  )
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

/** Takes the first badge home as its earner would, by the link in the mail, and shares it. */
async function claimOne({ routes }: Product, organisationId: OrganisationId): Promise<string> {
  const mails = await routes.overview.mail(OPERATOR, organisationId)
  const token = mails
    .map(({ text }) => /\/claim#([\w-]+)/.exec(text)?.[1])
    .findLast((found) => found !== undefined)
  if (token === undefined) throw new Error('No sample badge was offered to anybody.')
  const { credentialId, session } = await routes.claims.accept(token)
  const earner: Principal = { kind: 'session', accountId: session.accountId, sessionId: '', grants: [] }
  const { verifyUrl } = await routes.credentials.share(earner, credentialId as CredentialId)
  return verifyUrl
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
