import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CrashPoint, RULE_CRASH_POINTS } from '#services/ports/crash-points.ts'
import { killAmongCredentials } from './crash-credentials.ts'
import { killAmongHosts } from './crash-hosts.ts'
import { killAmongAwards, killAmongDirectAwards } from './crash-people.ts'
import { type CrashScene, type CrashStage, prepareCrashScene, stopWell } from './crash-stage.ts'
import { completed, earning } from './first-aid.ts'
import { isReady } from './product-process.ts'

/**
 * 0, in CI: every point once, each death in the midst of the recovery from the one before, and a few kills from
 * outside. n, in `npm run test:faults`: besides that, every point alone n times, and n more lives of kills from outside.
 */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 0)
const LANES = 3
const KILLS = 3

let scene: CrashScene
beforeAll(async () => {
  scene = await prepareCrashScene()
}, 300_000)
afterAll(() => scene?.close())

describe.concurrent('nothing is lost and nothing is there twice', () => {
  for (let lane = 0; lane < LANES; lane++) {
    const points = RULE_CRASH_POINTS.filter((_, at) => at % LANES === lane)
    test(`when it is killed at ${points.join(', then at ')}`, { timeout: 300_000 }, async () => {
      await killAtEach(await scene.stage(`lane-${lane}`), points)
    })
  }

  test('when it is killed from outside at any moment', { timeout: 300_000 }, async () => {
    await killAtAnyMoment(await scene.stage('outside'), 1, KILLS)
  })

  test('when it is killed while badges are given by hand, claimed, corrected and renewed', {
    timeout: 300_000,
  }, async () => {
    await killAmongDirectAwards(await scene.stage('direct'))
  })

  test('when it is killed while many awards are changed, and people are told', {
    timeout: 300_000,
  }, async () => {
    await killAmongAwards(await scene.stage('changes'))
  })
})

describe.runIf(ROUNDS > 0)('for longer', () => {
  test('when it is killed while it signs what somebody asks for, and issues again after a theft', {
    timeout: 600_000,
  }, async () => {
    await killAmongCredentials(await scene.stage('credentials'))
  })

  test('when it is killed while badges come from another backpack, and go to a wallet', {
    timeout: 600_000,
  }, async () => {
    await killAmongHosts(await scene.stage('hosts'))
  })

  for (let round = 1; round <= ROUNDS; round++) {
    test.each(RULE_CRASH_POINTS)(`round ${round}: killed at %s`, { timeout: 300_000 }, async (point) => {
      await killAtEach(await scene.stage(`round-${round}-${point}`), [point])
    })
    test(`round ${round}: killed from outside, seed ${round + 1}`, { timeout: 600_000 }, async () => {
      await killAtAnyMoment(await scene.stage(`outside-${round}`), round + 1, 10)
    })
  }
})

/** Each life has its own learner, and the road of the earlier ones to finish. */
async function killAtEach(stage: CrashStage, points: readonly CrashPoint[]): Promise<void> {
  const posts: Promise<void>[] = []
  for (const [life, point] of points.entries()) {
    const product = stage.start({ CRASH_AT: point })
    posts.push(stage.post([...earning(`ann.${life}`), completed(`ben.${life}`, 1)]))
    if (point.startsWith('job.')) posts.push(stage.backfill())
    expect(await product.ended).toEqual({ code: null, signal: 'SIGKILL' })
    expect(product.complained()).toBe(`Killed at ${point}.\n`)
  }
  await endWell(
    stage,
    posts,
    points.map((_, life) => `ann.${life}`),
  )
}

/** While events keep coming, half of the lives end on the way up. */
async function killAtAnyMoment(stage: CrashStage, seed: number, lives: number): Promise<void> {
  const chance = chanceOf(seed)
  const posts: Promise<void>[] = []
  const earners: string[] = []
  for (let life = 0; life < lives; life++) {
    const product = stage.start()
    for (let each = 0; each < 3; each++) {
      const learner = `cas.${life}.${each}`
      earners.push(learner)
      posts.push(sleep(chance() * 2_000).then(() => stage.post(earning(learner))))
    }
    if (chance() < 0.5) await sleep(chance() * 2_500)
    else {
      await isReady(product)
      await sleep(chance() * 3_000)
    }
    product.kill('SIGKILL')
    expect(await product.ended).toEqual({ code: null, signal: 'SIGKILL' })
  }
  await endWell(stage, posts, earners)
}

async function endWell(
  stage: CrashStage,
  posts: readonly Promise<void>[],
  earners: readonly string[],
): Promise<void> {
  const product = stage.start()
  await Promise.all(posts)
  await stage.compare(earners)
  await stopWell(product)
  expect(product.complained()).toBe('')
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
