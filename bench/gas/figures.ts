import { openTestChain, relayerKey, type TestChain } from '#test/chain/harness.ts'
import type { Payer } from './gas-used.ts'
import { type DocumentStore, measureDocumentStore } from './measure-document-store.ts'
import { type Eas, measureEas } from './measure-eas.ts'
import { type Floor, measureFloor } from './measure-floor.ts'
import { measureOurs, type Ours } from './measure-ours.ts'

/** Gas of one run on one chain. Everything in it is fixed (keys, clock, roots), so that each run gives the same. */
export interface Figures extends OurFigures {
  readonly eas: Eas
  readonly documentStore: DocumentStore
}

export interface OurFigures {
  readonly floor: Floor
  readonly ours: Ours
}

/** Measures ours, and what others use on the same chain. */
export const measureFigures = (): Promise<Figures> =>
  onOneChain(async (chain, payer) => ({
    ...(await measureOursAndFloor(chain, payer)),
    eas: await measureEas(payer),
    documentStore: await measureDocumentStore(payer),
  }))

/** Ours alone, which is quick. */
export const measureOurFigures = (): Promise<OurFigures> => onOneChain(measureOursAndFloor)

async function measureOursAndFloor(chain: TestChain, payer: Payer): Promise<OurFigures> {
  const floor = await measureFloor(payer, chain.pass)
  return { floor, ours: await measureOurs(chain) }
}

async function onOneChain<T>(measure: (chain: TestChain, payer: Payer) => Promise<T>): Promise<T> {
  const chain = await openTestChain()
  try {
    return await measure(chain, { provider: chain.embedded.provider, key: relayerKey })
  } finally {
    await chain.close()
  }
}
