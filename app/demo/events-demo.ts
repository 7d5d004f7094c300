// Sends a batch of learning events to a running product, as an LMS would, shows what becomes of each, takes one badge
// home and verifies it. Doing it again awards nothing twice.
import { sampleCloudEvents, sampleStatements } from '../sample/sample-story.ts'
import {
  type AwardView,
  type EventView,
  type IngestReport,
  ProductClient,
  type ReportView,
  until,
} from './product-client.ts'
import { bar, createProgress } from './progress.ts'

/** Plays it and tells what it sees. False where the badge did not verify. */
export async function playEvents(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  print: (line?: string) => void,
): Promise<boolean> {
  const product = new ProductClient(url, apiKey)
  const awardedBefore = (await product.all<AwardView>('/v1/awards')).length

  // 1. Send: CloudEvents as a batch, one of them in binary mode, and xAPI statements.
  const [binary, ...batch] = sampleCloudEvents()
  if (binary === undefined) throw new Error('There are no sample events.')
  const reports = [
    await product.post<IngestReport>('/v1/events', batch, 'application/cloudevents-batch+json'),
    await product.postBinaryEvent<IngestReport>(binary),
    await product.post<IngestReport>('/v1/events', sampleStatements()),
  ]
  const sent = reports.flatMap(({ items }) => items)
  const total = (name: 'accepted' | 'duplicates' | 'quarantined') =>
    reports.reduce((sum, report) => sum + report[name], 0)
  print()
  print(
    `Sent ${sent.length} events (CloudEvents and xAPI): ${total('accepted')} new, ${total('duplicates')} known already.`,
  )

  // 2. Watch: evaluated, awarded, issued, anchored, final.
  const progress = createProgress(process.stdout)
  const ids = new Set(sent.map(({ id }) => id))
  const awards = await until(async () => {
    const events = (await product.all<EventView>('/v1/events')).filter(({ id }) => ids.has(id))
    const evaluated = events.filter(({ state }) => state === 'evaluated' || state === 'unmatched').length
    const all = await product.all<AwardView>('/v1/awards')
    const issued = all.filter(({ state }) => state === 'issued').length
    const anchored = all.filter(({ anchor }) => anchor === 'mined' || anchor === 'final').length
    const final = all.filter(({ anchor }) => anchor === 'final').length
    progress.show(
      `  ${bar(final, all.length)}  evaluated ${evaluated}/${sent.length} · awarded ${all.length} · issued ${issued} · anchored ${anchored} · final ${final}`,
    )
    const settled = evaluated === sent.length && all.every(({ anchor }) => anchor === 'final')
    return settled ? all : undefined
  }, 'every badge is final on chain')
  progress.end()

  // 3. Show what became of each event.
  const events = (await product.all<EventView>('/v1/events')).filter(({ id }) => ids.has(id))
  const outcomeOf = new Map(sent.map(({ id, outcome }) => [id, outcome]))
  const namesOf = (subjectId: string | null) =>
    awards
      .filter((award) => award.subjectId === subjectId)
      .map((award) => `${award.achievementName} (${award.anchor})`)
  print()
  print(`${'event'.padEnd(36)} ${'learner'.padEnd(20)} ${'type'.padEnd(11)} ${'sent as'.padEnd(10)} became`)
  for (const event of [...events].reverse()) {
    const learner = event.actor.value.replace(/@.*|^.*#/g, '')
    print(
      `${event.sourceId.padEnd(36)} ${learner.padEnd(20)} ${event.type.slice(0, 11).padEnd(11)} ${(outcomeOf.get(event.id) ?? '').padEnd(10)} ${event.state}`,
    )
  }
  print()
  print('What the learners hold now:')
  const learners = new Map(
    events.map((event) => [event.subjectId, event.actor.value.replace(/@.*|^.*#/g, '')]),
  )
  for (const [subjectId, learner] of [...learners].sort(([, a], [, b]) => a.localeCompare(b))) {
    const names = namesOf(subjectId)
    print(`  ${learner.padEnd(20)} ${names.length === 0 ? '–' : names.join(', ')}`)
  }
  const fresh = awards.length - awardedBefore
  print()
  print(fresh === 0 ? 'Nothing was awarded twice: no new awards.' : `${fresh} new awards.`)

  // 4. Take one badge home and verify it.
  const mails = await product.get<{ items: readonly { kind: string; text: string }[] }>('/v1/mail')
  const tokens = mails.items
    .map(({ text }) => /\/claim#([\w-]+)/.exec(text)?.[1])
    .filter((token) => token !== undefined)
  const open = await firstOpen(product, tokens)
  if (open === undefined) print('Every badge that was offered by mail has been claimed already.')
  else {
    const { page, verifyUrl } = await product.claimAndShare(open)
    const report = await product.post<ReportView>('/v1/verify', { url: page })
    print(`Claimed a badge, and verified it: ${report.verdict.toUpperCase()}`)
    for (const { name, outcome, detail } of report.checks)
      print(`  ${mark(outcome)} ${name.padEnd(13)} ${detail}`)
    print()
    print(`  Verify link  ${verifyUrl}`)
    if (report.verdict !== 'valid') return false
  }
  return true
}

async function firstOpen(product: ProductClient, candidates: readonly string[]): Promise<string | undefined> {
  for (const token of candidates) {
    const offer = await product.get<{ state: string }>(`/v1/claims/${token}`).catch(() => undefined)
    if (offer?.state === 'open') return token
  }
  return undefined
}

function mark(outcome: string): string {
  return { passed: '✓', failed: '✗', unknown: '?' }[outcome] ?? '–'
}
