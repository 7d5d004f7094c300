import type { Table } from '../benchmark.ts'
import { whole } from '../table.ts'
import type { Figures } from './figures.ts'
import { EAS_CALL } from './measure-eas.ts'
import { perCredential } from './per-credential.ts'
import { SIZES } from './sizes.ts'
import { isReached, targetsOf } from './targets.ts'

/** Gas is exact, so more digits than of a time. */
const ratio = (gas: number, other: number): string => {
  const value = gas / other
  return value < 0.1 ? value.toLocaleString('en', { maximumSignificantDigits: 2 }) : value.toFixed(3)
}

export const tablesOf = (figures: Figures): readonly Table[] => [
  perCredentialTable(figures),
  operationsTable(figures),
]

function perCredentialTable(figures: Figures): Table {
  const rows = perCredential(figures)
  return {
    title: 'gas for each credential, by the size of the batch',
    columns: [
      'batch',
      'ours, the key pays',
      'ours, relayed',
      'EAS timestamp (root)',
      'EAS attest (each)',
      'document-store issue (root)',
      'document-store issue (each)',
      'ours ÷ best peer',
      'ours ÷ best peer, each by itself',
    ],
    rows: rows.map((row, at) => [
      whole(SIZES[at] ?? Number.NaN),
      ...[row.own, row.relayed, row.easRoot, row.easEach, row.storeRoot, row.storeEach].map(digits),
      ratio(row.own, Math.min(row.easRoot, row.easEach, row.storeRoot, row.storeEach)),
      ratio(row.own, Math.min(row.easEach, row.storeEach)),
    ]),
    notes: [
      `EAS: \`@ethereum-attestation-service/eas-contracts\` ${figures.eas.version}; document-store: \`@tradetrust-tt/document-store\` ${figures.documentStore.version}. Both as published on npm, deployed and called in the same run, on the same chain (EDR, prices of the Prague fork), in their cheapest form: a schema of one digest, no resolver, no recipient.`,
      'Root: a Merkle root over the batch, whose tree and proofs are the caller’s affair. Each: every credential by itself, in the call for many at once.',
      `Calls for many at once are as large as fit into a block: attestations of EAS in calls of ${EAS_CALL}, documents of document-store in calls of 1,000.`,
      'A timestamp of EAS is the cheapest way to say that a root existed. It names no signer, and anybody may make it; ours names the signer and the size, and holds the revocation bits of the first 184 leaves in the same slot.',
    ],
  }
}

/** Four digits that count, and all of a larger number. */
const digits = (gas: number): string =>
  gas >= 1_000 ? whole(gas) : gas.toLocaleString('en', { maximumSignificantDigits: 4 })

interface Peer {
  readonly who: string
  readonly gas: number
}

interface Operation {
  readonly what: string
  readonly gas: number
  /** Its name among the targets. */
  readonly target?: string
  readonly eas?: Peer
  readonly store?: Peer
  /** Default true; where it is none, its gas cannot be held against that of one. */
  readonly isTransaction?: boolean
}

function operationsTable(figures: Figures): Table {
  const { floor } = figures
  const targets = targetsOf(figures)
  const peer = (it: Peer | undefined) => (it === undefined ? '' : `${it.who} ${whole(it.gas)}`)
  return {
    title: 'gas of each operation',
    columns: [
      'operation',
      'ours',
      '÷ one new slot',
      'EAS',
      'document-store',
      'ours ÷ best peer',
      'at most',
      'reached',
    ],
    rows: [
      ['one new slot and nothing else (the floor)', whole(floor.newSlot), '1', '', '', '', '', ''],
      [
        'one written slot and nothing else',
        whole(floor.writtenSlot),
        ratio(floor.writtenSlot, floor.newSlot),
        '',
        '',
        '',
        '',
        '',
      ],
      ...operations(figures).map(({ what, gas, target: name, eas, store, isTransaction = true }) => {
        const peers = [eas, store].filter((each) => each !== undefined)
        const target = targets.find(({ of }) => of === name)
        return [
          what,
          whole(gas),
          isTransaction ? ratio(gas, floor.newSlot) : '',
          peer(eas),
          peer(store),
          peers.length === 0 ? '' : ratio(gas, Math.min(...peers.map((each) => each.gas))),
          target === undefined ? '' : `${whole(target.most)} (${target.why})`,
          target === undefined ? '' : isReached(target) ? 'yes' : 'no',
        ]
      }),
    ],
    notes: [
      'The floor is a contract that writes the time into the slot that it is told, and does nothing else.',
      'Peers are shown at their nearest operation, and at the cheapest where there are several; they are not the same. With a peer each revocation writes a slot of its own, named by the hash that is revoked; ours sets a bit. An attestation by delegation is one statement by one attester; a co-signed anchor of ours is a batch of any number.',
      'An award attested by three is AttestedAward’s: a rule of three criteria with an attester each. Beside it three attestations of EAS, of which somebody else would have to see whether they make an award.',
      'To begin: ours registers a DID with its first key; EAS registers a schema, and anybody may attest; document-store deploys a contract for each issuer.',
      'Empty: the peer has nothing like it. Neither checks an inclusion proof, nor can cut a key off backwards in time.',
      'The key itself pays unless it says relayed. Verifying is a call from another contract, without the 21,000 and the bytes of a transaction.',
      'A batch of up to 255 leaves and one of 10,000 differ by the bytes of their size. Gas is not a price: that is up to the chain and the day ([what it comes to](networks.md#what-it-costs)).',
    ],
  }
}

function operations({ ours, eas, documentStore: store }: Figures): readonly Operation[] {
  const of = (who: string, gas: number): Peer => ({ who, gas })
  return [
    {
      what: 'deploy BadgeAnchor, once for everybody on a chain',
      gas: ours.deploy,
      eas: of('SchemaRegistry and EAS', eas.deploy),
    },
    { what: 'deploy AttestedAward, likewise', gas: ours.deployAwards },
    {
      what: 'begin as an issuer, relayed',
      gas: ours.register,
      eas: of('register', eas.register),
      store: of('deploy', store.deploy),
    },
    {
      what: 'anchor a batch',
      gas: ours.anchor[0] ?? Number.NaN,
      target: 'anchor',
      eas: of('timestamp', eas.timestamp),
      store: of('issue', store.issue),
    },
    {
      what: 'anchor a batch, relayed',
      gas: ours.anchorRelayed[0] ?? Number.NaN,
      eas: of('attestByDelegation', eas.attestByDelegation),
    },
    {
      what: 'endorse: a co-signed anchor, relayed',
      gas: ours.endorse,
      eas: of('attestByDelegation', eas.attestByDelegation),
    },
    {
      what: 'endorse: a further one in the same call',
      gas: ours.furtherAnchor,
      target: 'furtherAnchor',
      eas: of('a further one in multiAttestByDelegation', eas.furtherByDelegation),
    },
    {
      what: 'revoke one of the first 184',
      gas: ours.revokeOne,
      target: 'revokeOne',
      eas: of('revokeOffchain', eas.revokeOffchain),
      store: of('revoke', store.revoke),
    },
    {
      what: 'revoke one of the first 184, relayed',
      gas: ours.revokeOneRelayed,
      eas: of('revokeByDelegation', eas.revokeByDelegation),
    },
    {
      what: 'revoke one past these, the first of its 256',
      gas: ours.revokeOnePastWord,
      eas: of('revokeOffchain', eas.revokeOffchain),
      store: of('revoke', store.revoke),
    },
    {
      what: 'revoke 1,000 in a row, of 10,000',
      gas: ours.revokeContiguous,
      eas: of('multiRevokeOffchain', eas.revokeOffchainMany),
      store: of('bulkRevoke', store.revokeMany),
    },
    {
      what: 'revoke 1,000 here and there, of 10,000',
      gas: ours.revokeScattered,
      eas: of('multiRevokeOffchain', eas.revokeOffchainMany),
      store: of('bulkRevoke', store.revokeMany),
    },
    {
      what: 'revoke a whole batch',
      gas: ours.revokeBatch,
      target: 'revokeBatch',
      eas: of('revokeOffchain (root)', eas.revokeOffchain),
      store: of('revoke (root)', store.revoke),
    },
    { what: 'revoke a whole batch, relayed', gas: ours.revokeBatchRelayed },
    {
      what: 'rotate a key: grant the new one, relayed',
      gas: ours.grantKey,
      store: of('grantRole', store.grantRole),
    },
    {
      what: 'rotate a key: give the old one an end, relayed',
      gas: ours.narrowKey,
      store: of('revokeRole', store.revokeRole),
    },
    { what: 'cut a stolen key off, backwards in time, relayed', gas: ours.cutOff },
    {
      what: 'verify a leaf of 10,000, in a call',
      gas: ours.verify,
      target: 'verify',
      isTransaction: false,
    },
    {
      what: 'an award attested by three, in one transaction, relayed',
      gas: ours.awardTogether,
      eas: of('three in multiAttestByDelegation', eas.threeByDelegation),
    },
    {
      what: 'an award attested by three, one by one, relayed',
      gas: ours.awardOneByOne,
      eas: of('three times attestByDelegation', 3 * eas.attestByDelegation),
    },
  ]
}
