import { id, Wallet } from 'ethers'
import type { Config } from '../../config.ts'
import { Caller } from '../people/caller.ts'
import { createChecks } from '../people/checks.ts'
import { findOperator } from '../people/operator.ts'
import { ProductClient, until } from '../product-client.ts'
import { found, type Granting } from './granting.ts'

const HOUR = 3_600_000
const LEARNER = 'maker'

/**
 * Three organisations grant one badge together, by the contract AttestedAward. Here they are three tenants of one product;
 * each could as well run its own, on the same chain: they share nothing but a rule and a salt. Their attesters' keys are
 * made here and stay here: they sign typed data as any wallet does, and the product never sees a key.
 * Every run founds organisations of its own. False where a check failed.
 */
export async function playAttested(
  url: string,
  config: Config,
  print: (line?: string) => void,
): Promise<boolean> {
  const operator = await findOperator(url, config)
  const checks = createChecks(print)
  const { check, note } = checks
  const stamp = Date.now().toString(36)
  const person = `mailto:${LEARNER}@${stamp}.example.org`

  checks.journey('Three organisations agree on a rule')
  note('Three tenants of one product, each with a key of its own that signs as a wallet would.')
  const wallets = [Wallet.createRandom(), Wallet.createRandom(), Wallet.createRandom()]
  const rule = {
    name: 'Cross-campus maker',
    achievement: id(`cross-campus-maker/${stamp}`),
    threshold: 3,
    opensAt: new Date(Date.now() - HOUR).toISOString(),
    closesAt: new Date(Date.now() + 24 * HOUR).toISOString(),
    criteria: ['Designed it.', 'Built it.', 'Showed it.'].map((says, at) => ({
      says,
      attesters: [wallets[at]?.address ?? ''],
    })),
  }
  const [north, south, west] = await Promise.all([
    found(operator, `north-${stamp}`, wallets[0] ?? Wallet.createRandom(), rule),
    found(operator, `south-${stamp}`, wallets[1] ?? Wallet.createRandom(), rule),
    found(operator, `west-${stamp}`, wallets[2] ?? Wallet.createRandom(), rule),
  ])
  const all: readonly Granting[] = [north, south, west]
  check(
    'each registers it by itself, and gets the same hash: that is its name on chain',
    all.map(({ hash }) => hash),
    all.map(() => north.hash),
  )
  note(`rule ${north.hash}`)
  await north.badgeOnAward()

  checks.journey('They speak of the same person, and the chain does not say of whom')
  const first = await north.enter(person)
  const opening = await north.open()
  for (const other of [south, west]) await other.enter(person, opening.salt)
  check(
    'with the salt that one of them made, all have the same commitment',
    [south.commitment(), west.commitment()],
    [first, first],
  )
  note(`commitment ${first}`)

  checks.journey('Two of three criteria: nothing')
  check('north attests that it was designed', await north.attest(0), 202)
  check('somebody else’s signature is refused', await south.attestWith(north, 1), [
    422,
    'attested-signature-wrong',
  ])
  check('south attests that it was built', await south.attest(1), 202)
  const two = await north.until(({ missing }) => missing === 1)
  check('one is missing, and no award is made', [two.state, (await north.awards()).length], ['open', 0])

  checks.journey('The third: the contract awarded it')
  check('west attests that it was shown', await west.attest(2), 202)
  const third = await west.until(({ messages }) => messages.at(-1)?.state === 'final')
  note(`transaction ${third.messages.at(-1)?.transaction}`)
  const awarded = await north.until(({ state }) => state === 'awarded')
  check(
    'with that transaction it is complete; nobody sent another one',
    [awarded.missing, awarded.messages.length, third.messages.length],
    [0, 1, 1],
  )
  const award = await until(async () => {
    const [award] = await north.awards()
    return award?.anchor === 'final' ? award : undefined
  }, 'the badge is issued and anchored')
  check('north saw it, its rule awarded, the badge is issued and its leaf is final', award.state, 'issued')

  checks.journey('The badge')
  const token = await operator.mailed(person.slice('mailto:'.length), /\/claim#([\w-]+)/)
  const { page, verifyUrl } = await new ProductClient(url, '').claimAndShare(token)
  const report = await new Caller(url).post('/v1/verify', { url: page })
  check('claimed and verified', report.body.verdict, 'valid')
  note(`VALID  ${verifyUrl}`)

  checks.journey('Once more: nothing twice')
  for (const [criterion, each] of all.entries()) {
    await each.until(({ state }) => state === 'awarded')
    check(
      `${each.name}: attested again, and taken back, it is refused: the award is made`,
      [await each.attest(criterion), await each.withdraw(criterion)],
      [409, 409],
    )
  }
  check('there is one award', (await north.awards()).length, 1)
  print()
  print(`${checks.passed()} checks passed, ${checks.failed()} failed.`)
  return checks.failed() === 0
}
