import { describe, expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import type {
  AchievementStandingSource,
  DidResolver,
  StatusListSource,
} from '#services/ports/verification-sources.ts'

export type WebSources = DidResolver & StatusListSource & AchievementStandingSource

export interface SourcesStage {
  readonly sources: WebSources
  /** A DID and an address where this is found: a document, a compact JWS, nothing, or a source that is down. */
  place(what: JsonObject | string | 'nothing' | 'down'): { readonly did: string; readonly url: string }
}

const DOCUMENT = { id: 'did:web:sample.example', verificationMethod: [], 'a"b': ['é', 1.5, null, true] }
const JWS = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'

/** What every source of DIDs, status lists and standings keeps to: "not there" and "could not be told" are different answers. */
export function sourcesConformance(name: string, stage: () => SourcesStage): void {
  describe(`${name} as a source of DID documents and status lists`, () => {
    test('what is there comes as it is', async () => {
      const { sources, place } = stage()
      const { did, url } = place(DOCUMENT)
      expect(await sources.resolve(did)).toEqual(DOCUMENT)
      expect(await sources.fetch(url)).toEqual(DOCUMENT)
      expect(await sources.fetchStanding(url)).toEqual(DOCUMENT)
    })

    test('a status list may be a token, and a DID document may not', async () => {
      const { sources, place } = stage()
      const { did, url } = place(JWS)
      expect(await sources.fetch(url)).toBe(JWS)
      expect(await sources.resolve(did)).toBe('unavailable')
      expect(await sources.fetchStanding(url)).toBe('unavailable')
    })

    test('a DID that is not there is not found; a status list that is not there says nothing of a badge', async () => {
      const { sources, place } = stage()
      const { did, url } = place('nothing')
      expect(await sources.resolve(did)).toBe('not_found')
      expect(await sources.fetchStanding(url)).toBe('not_found')
      expect(await sources.fetch(url)).toBe('unavailable')
    })

    test('a source that is down leaves all open', async () => {
      const { sources, place } = stage()
      const { did, url } = place('down')
      expect(await sources.resolve(did)).toBe('unavailable')
      expect(await sources.fetch(url)).toBe('unavailable')
      expect(await sources.fetchStanding(url)).toBe('unavailable')
    })

    test('what was asked once may be asked again', async () => {
      const { sources, place } = stage()
      const { did } = place(DOCUMENT)
      expect(await Promise.all([sources.resolve(did), sources.resolve(did)])).toEqual([DOCUMENT, DOCUMENT])
    })
  })
}
