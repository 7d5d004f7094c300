import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { attestedView, OMISSIONS } from './attested-view.ts'

/** A credential in which every text is its own, so that one that gets through is found. */
const credential = (n: { evidence: number; results: number; narrative: boolean }): JsonObject => ({
  id: 'urn:uuid:SECRET-ID',
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: {
    id: 'urn:uuid:SECRET-SUBJECT',
    identifier: [{ identityHash: 'SECRET-NAME' }],
    creditsEarned: 3,
    achievement: { id: 'https://example.org/achievements/1', name: 'Shown', image: { id: 'THE-PICTURE' } },
    ...(n.narrative ? { narrative: 'THE-NARRATIVE' } : {}),
    ...(n.results === 0
      ? {}
      : { result: Array.from({ length: n.results }, (_, at) => ({ value: `THE-RESULT-${at}` })) }),
  },
  ...(n.evidence === 0
    ? {}
    : { evidence: Array.from({ length: n.evidence }, (_, at) => ({ name: `THE-EVIDENCE-${at}` })) }),
  credentialStatus: { statusListIndex: 'SECRET-INDEX' },
  proof: { proofValue: 'SECRET-PROOF' },
})

test('what is left out is nowhere in the view, what is not is all there, and what identifies the document never is', () => {
  const shape = fc.record({ evidence: fc.nat(3), results: fc.nat(3), narrative: fc.boolean() })
  fc.assert(
    fc.property(shape, fc.subarray([...OMISSIONS]), (n, omits) => {
      const view = attestedView(credential(n), omits)
      const text = JSON.stringify(view)
      const shown = (what: (typeof OMISSIONS)[number], count: number) => (omits.includes(what) ? 0 : count)
      expect(text.split('THE-EVIDENCE').length - 1).toBe(shown('evidence', n.evidence))
      expect(text.split('THE-RESULT').length - 1).toBe(shown('results', n.results))
      expect(text.split('THE-NARRATIVE').length - 1).toBe(shown('narrative', n.narrative ? 1 : 0))
      // It may be that of the level which was reached.
      expect(text.split('THE-PICTURE').length - 1).toBe(shown('results', 1))
      expect(text).not.toContain('SECRET')
      expect(view).toMatchObject({ achievement: { name: 'Shown' }, creditsEarned: 3, omitted: omits })
    }),
  )
})
