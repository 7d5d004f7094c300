import {
  computeAddress,
  SigningKey,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import type { ChainAddress } from '#services/ports/chain.ts'

/** The EIP-712 messages of `IBadgeAnchor`, as a key signs them. */
const TYPES = {
  IssuerRegistration: [field('address', 'key'), field('string', 'did'), field('uint64', 'deadline')],
  KeyGrant: keyFields(),
  KeyNarrowing: keyFields(),
  IssuingKeyStatement: [
    field('bytes20', 'issuer'),
    field('string', 'verificationMethod'),
    field('uint40', 'validFrom'),
    field('uint40', 'validUntil'),
    field('uint64', 'deadline'),
  ],
  IssuerMetadata: [field('bytes20', 'issuer'), field('string', 'metadata'), field('uint64', 'deadline')],
  Anchoring: [
    field('bytes20', 'issuer'),
    field('address', 'signer'),
    field('bytes32', 'root'),
    field('uint24', 'size'),
    field('uint8', 'kind'),
    field('uint64', 'deadline'),
  ],
  Revocation: [
    field('bytes20', 'issuer'),
    field('address', 'signer'),
    field('bytes32', 'root'),
    field('WordMask[]', 'masks'),
    field('uint64', 'deadline'),
  ],
  BatchRevocation: [
    field('bytes20', 'issuer'),
    field('address', 'signer'),
    field('bytes32', 'root'),
    field('uint64', 'deadline'),
  ],
} as const

const WORD_MASK = [field('uint24', 'word'), field('uint256', 'bits')]

export type MessageName = keyof typeof TYPES

/** What a signature counts for: this contract on this chain. */
export const domainOf = ({ chainId, contract }: ChainAddress): TypedDataDomain => ({
  name: 'BadgeAnchor',
  version: '1',
  chainId,
  verifyingContract: contract,
})

/** Signs one message. The key is a secp256k1 key of 32 bytes; it leaves no trace in errors. */
export function signMessage(
  key: Uint8Array,
  at: ChainAddress,
  name: MessageName,
  message: Readonly<Record<string, unknown>>,
): Hex {
  const types: Record<string, TypedDataField[]> = { [name]: [...TYPES[name]] }
  if (name === 'Revocation') types['WordMask'] = WORD_MASK
  return new SigningKey(key).sign(TypedDataEncoder.hash(domainOf(at), types, message)).serialized as Hex
}

export const domainSeparatorOf = (at: ChainAddress): Hex => TypedDataEncoder.hashDomain(domainOf(at)) as Hex

/** The checksummed address of a key. */
export const addressOf = (key: Uint8Array): Hex => computeAddress(new SigningKey(key)) as Hex

function keyFields(): TypedDataField[] {
  return [
    field('bytes20', 'issuer'),
    field('address', 'key'),
    field('uint8', 'roles'),
    field('uint40', 'validFrom'),
    field('uint40', 'validUntil'),
    field('uint64', 'deadline'),
  ]
}

function field(type: string, name: string): TypedDataField {
  return { name, type }
}
