/**
 * Writes docs/vectors/replay.json with plain hash functions and the reference of rfc9162.ts: without the engine, which is
 * tested against the file. Run by hand when a vector is added: node test/chain/write-replay-vectors.ts
 */
import { writeFile } from 'node:fs/promises'
import { sha256 } from '@noble/hashes/sha2'
import { keccak_256 } from '@noble/hashes/sha3'
import canonicalize from 'canonicalize'
import { concat, toHex, utf8 } from '#engine/shared/bytes.ts'
import { referenceProof, referenceRoot } from './rfc9162.ts'

const ADDRESS = '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf'
const MODULES = ['module-1', 'module-2', 'module-3']
const canonical = (value: object): string => canonicalize(value) ?? ''
const digest = (value: object) => toHex(sha256(utf8(canonical(value))))

const completed = (id: string, learner: string, day: string, activity: string, score: number) => ({
  specversion: '1.0',
  id,
  source: 'https://lms.example.org/sample',
  type: 'org.example.lms.completed',
  time: `2026-09-${day}T09:00:00Z`,
  subject: `mailto:sample.learner.${learner}@example.org`,
  data: { activity, score },
})
const events = [
  completed('1', '01', '01', 'module-1', 0.8),
  completed('2', '01', '12', 'module-2', 0.6),
  completed('3', '01', '20', 'module-3', 0.9),
  completed('4', '02', '02', 'module-1', 1),
]
const [first, tooLow, last] = events as [object, object, object, object]

const ruleOf = (score: string) => ({
  schema: 'waarmerk-rule-resolved/1',
  achievement: {
    slug: 'first-aid-basics',
    id: 'achievement-1',
    version: '1',
    digest: `0x${'11'.repeat(32)}`,
  },
  occurrence: { kind: 'once' },
  recipient: 'event.actor',
  when: {
    id: 'modules',
    distinctOf: 2,
    by: 'event.activity',
    in: MODULES,
    where: `event.type == 'completed' && event.score >= ${score}`,
    within: 'P90D',
  },
})
const rule = ruleOf('0.7')
const decision = {
  schema: 'waarmerk-decision/1',
  id: 'decision-1',
  rule: 'rule-1',
  ruleVersion: 'version-1',
  ruleDigest: digest(rule),
  achievement: 'achievement-1',
  subject: 'subject-1',
  occurrence: 'once',
  outcome: 'award',
  metAt: '2026-09-20T09:00:00Z',
  decidedAt: '2026-09-20T09:00:05Z',
  trace: {
    kind: 'distinctOf',
    id: 'modules',
    status: 'met',
    have: 2,
    need: 2,
    missing: [],
    evidence: ['event-1', 'event-3'],
  },
  events: [
    { id: 'event-1', source: 'https://lms.example.org/sample', sourceId: '1', digest: digest(first) },
    { id: 'event-3', source: 'https://lms.example.org/sample', sourceId: '3', digest: digest(last) },
  ],
  holdings: [],
}

function receiptOf(documents: readonly { readonly kind: number; readonly value: object }[], index: number) {
  const salt = (at: number) => sha256(utf8(`salt ${at}`))
  const leaves = Array.from({ length: 5 }, (_, at) => {
    const { kind, value } = documents[at] ?? { kind: 255, value: { padding: at } }
    return keccak_256(concat(Uint8Array.of(0, kind), salt(at), sha256(utf8(canonical(value)))))
  })
  const { kind, value } = documents[index] ?? { kind: 255, value: {} }
  return {
    format: 'waarmerk-receipt/1',
    contract: `eip155:31337:${ADDRESS}`,
    issuerId: ADDRESS,
    signer: ADDRESS,
    root: toHex(referenceRoot(leaves)),
    size: leaves.length,
    index,
    kind,
    salt: toHex(salt(index)),
    digest: digest(value),
    proof: referenceProof(index, leaves).map(toHex),
  }
}

function bundleOf(decided: object, judgedBy: object) {
  const documents = [
    { kind: 4, value: judgedBy },
    { kind: 5, value: decided },
  ]
  return {
    format: 'waarmerk-decision-receipt/1',
    issuer: 'did:web:badges.example:issuers:north',
    decision: { document: canonical(decided), receipt: receiptOf(documents, 1) },
    rule: { document: canonical(judgedBy), receipt: receiptOf(documents, 0) },
  }
}

const good = bundleOf(decision, rule)
const altered = (event: object, score: number) => ({ ...event, data: { activity: 'module-3', score } })
const vectors = {
  about:
    'Test vectors of decision receipts and replays. No chain holds the roots: "replay" is what judging the events again gives, "failed" names the checks that fail by the documents alone.',
  cases: [
    { name: 'the same', receipt: good, events, replay: 'same', failed: [] },
    {
      name: 'the events in another order and twice',
      receipt: good,
      events: [...events, ...events].reverse(),
      replay: 'same',
      failed: [],
    },
    {
      name: 'an event that it rests on is missing',
      receipt: good,
      events: [first, tooLow],
      replay: 'unknown',
      reason: 'event-missing',
      failed: [],
    },
    {
      name: 'an event that it rests on is altered',
      receipt: good,
      events: [first, tooLow, altered(last, 1)],
      replay: 'unknown',
      reason: 'event-altered',
      failed: [],
    },
    {
      name: 'an event that it does not rest on makes the rule met earlier',
      receipt: good,
      events: [...events, completed('5', '01', '05', 'module-2', 0.9)],
      replay: 'different',
      parts: ['metAt', 'evidence'],
      failed: ['replay'],
    },
    {
      name: 'anchored, and not what the rule gives',
      receipt: bundleOf({ ...decision, metAt: '2026-09-12T09:00:00Z' }, rule),
      events,
      replay: 'different',
      parts: ['metAt'],
      failed: ['replay'],
    },
    {
      name: 'the decision altered after it was anchored',
      receipt: {
        ...good,
        decision: { ...good.decision, document: canonical({ ...decision, subject: 'subject-2' }) },
      },
      events,
      replay: 'same',
      failed: ['decision-anchor'],
    },
    {
      name: 'another rule version, anchored as well',
      receipt: bundleOf(decision, ruleOf('0.5')),
      events,
      replay: 'different',
      parts: ['metAt', 'evidence'],
      failed: ['rule-version', 'replay'],
    },
    {
      name: 'the rule version altered',
      receipt: { ...good, rule: { ...good.rule, document: canonical(ruleOf('0.6')) } },
      events,
      replay: 'different',
      parts: ['metAt', 'evidence'],
      failed: ['rule-anchor', 'rule-version', 'replay'],
    },
    {
      name: 'the receipts exchanged',
      receipt: {
        ...good,
        decision: { ...good.decision, receipt: good.rule.receipt },
        rule: { ...good.rule, receipt: good.decision.receipt },
      },
      events,
      replay: 'same',
      failed: ['decision-anchor', 'rule-anchor'],
    },
  ],
}

await writeFile(
  new URL('../../docs/vectors/replay.json', import.meta.url),
  `${JSON.stringify(vectors, undefined, 2)}\n`,
)
