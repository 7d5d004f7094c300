import { ed25519 } from '@noble/curves/ed25519'
import { afterAll, expect, test } from 'vitest'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { usedThreadCpuMs } from '#test/used-cpu.ts'
import { asCaller } from './caller-scope.ts'
import { createSignatureChecks } from './signature-checks.ts'

const checks = createSignatureChecks()
afterAll(() => checks.close())

const publicKey = ed25519.getPublicKey(new Uint8Array(32).fill(1))
const questions = Array.from({ length: 200 }, (_, number) => {
  const message = new Uint8Array(64).map((__, at) => number + at)
  const signature = ed25519.sign(message, new Uint8Array(32).fill(1))
  const holds = number % 3 !== 0
  if (!holds) signature[number % 64] = (signature[number % 64] ?? 0) ^ 1
  return { signature, message, publicKey, holds }
})

const ask = ({ signature, message, publicKey: key }: (typeof questions)[number]) =>
  checks.verify(signature, message, key)

test('each question has its own answer, however many are asked at once and wherever they are checked', async () => {
  for (const atOnce of [1, 3, 4, 25, 200])
    for (let from = 0; from < 200; from += atOnce) {
      const some = questions.slice(from, from + atOnce)
      expect(await Promise.all(some.map(ask))).toEqual(some.map(({ holds }) => holds))
    }
})

test('many at once are checked beside the loop for the most part', async () => {
  const many = Array.from({ length: 10 }, () => questions).flat()
  const lanes = async (check: (question: (typeof questions)[number]) => unknown) => {
    let next = 0
    const lane = async () => {
      for (let at = next++; at < many.length; at = next++) await check(many[at] ?? expect.unreachable())
    }
    const from = usedThreadCpuMs()
    await Promise.all(Array.from({ length: 25 }, lane))
    return usedThreadCpuMs() - from
  }
  await lanes(ask)
  const [here, beside] = [
    await lanes((question) => verifyStrictly(question.signature, question.message, question.publicKey)),
    await lanes(ask),
  ]
  expect(beside).toBeLessThan(here)
})

test('what is of the wrong form, or long, is answered as by who checks it alone', async () => {
  const [good] = questions.filter(({ holds }) => holds)
  if (good === undefined) return expect.unreachable()
  const long = new Uint8Array(100_000).fill(3)
  const signature = ed25519.sign(long, new Uint8Array(32).fill(1))
  const asked: readonly Parameters<typeof checks.verify>[] = [
    [good.signature.slice(1), good.message, publicKey],
    [good.signature, good.message, publicKey.slice(1)],
    [new Uint8Array(), new Uint8Array(), new Uint8Array()],
    [signature, long, publicKey],
    [signature, long.subarray(1), publicKey],
    [good.signature, good.message, publicKey],
  ]
  expect(await Promise.all(asked.map((parts) => checks.verify(...parts)))).toEqual([
    false,
    false,
    false,
    true,
    false,
    true,
  ])
})

test('a caller has no share to use up: what is checked together is checked in nobody’s name', async () => {
  const some = questions.slice(0, 100)
  const answers = await asCaller(
    () => 'somebody',
    () => Promise.all(some.map(ask)),
  )
  expect(answers).toEqual(some.map(({ holds }) => holds))
})

test('what the thread has when it is closed is checked here, and so is all that comes later', async () => {
  const closing = createSignatureChecks()
  const answers = Promise.all(
    questions.map(({ signature, message, publicKey: key }) => closing.verify(signature, message, key)),
  )
  await closing.close()
  expect(await answers).toEqual(questions.map(({ holds }) => holds))
  const [first] = questions
  if (first === undefined) return expect.unreachable()
  expect(await closing.verify(first.signature, first.message, first.publicKey)).toBe(first.holds)
})
