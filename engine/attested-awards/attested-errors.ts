import { defineError } from '#engine/errors/define-error.ts'
import type { AttestedRuleFault } from './attested-rule.ts'

/** What can go wrong with badges that several organisations grant together. */
export const attestedErrors = {
  attestedContractMissing: defineError<{ chainId: number; contract: string }>(
    'attested-contract-missing',
    409,
    false,
    'The contract AttestedAward is not on this chain, or something else is at its address. Everything else works without it; deploy it to grant badges together: `parameters.contract` is the address that follows from its code.',
    ({ chainId, contract }) => `AttestedAward is not at ${contract} on chain ${chainId}.`,
  ),
  attestedRuleInvalid: defineError<{ faults: readonly AttestedRuleFault[] }>(
    'attested-rule-invalid',
    422,
    false,
    'The contract would not take the rule, or nobody could fulfil it. Each fault has its own code and place.',
    ({ faults }) => `The rule has a fault at ${faults[0]?.path || '/'}: ${faults[0]?.message ?? ''}.`,
  ),
  attestedNotAnAttester: defineError<{ criterion: number; attester: string }>(
    'attested-not-an-attester',
    422,
    false,
    'The rule does not name this account for this criterion, or has no such criterion (they are numbered from 0).',
    ({ criterion, attester }) => `The rule does not name ${attester} for criterion ${criterion}.`,
  ),
  attestedOutsideWindow: defineError<{ opensAt: string; closesAt: string }>(
    'attested-outside-window',
    409,
    false,
    'Attestations count within the window of their rule only, and must have been said in it. After it the awards of the rule are final.',
    ({ opensAt, closesAt }) => `This rule counts what is attested from ${opensAt} until ${closesAt}.`,
  ),
  attestedTimeWrong: defineError<{ pointer: string; reason: string }>(
    'attested-time-wrong',
    422,
    false,
    'The time at which it was said is in the future, or its deadline is over. Ask for the typed data anew, and sign that.',
    ({ pointer, reason }) => `The time at ${pointer} ${reason}. Ask for the typed data anew, and sign that.`,
  ),
  attestedSignatureWrong: defineError<{ attester: string }>(
    'attested-signature-wrong',
    422,
    false,
    'The signature is not the attester’s over exactly this typed data, on this chain, for this contract. Nothing was sent.',
    ({ attester }) => `This is not a signature of ${attester} over this message.`,
  ),
  attestedAlreadySaid: defineError<{ messageId: string }>(
    'attested-already-said',
    409,
    false,
    'The same signed message was given before. It counts once: look at the case to see what became of it.',
    ({ messageId }) => `This was given before, as ${messageId}; it counts once.`,
  ),
  attestedTakenBack: defineError<{ attester: string; upTo: string }>(
    'attested-taken-back',
    409,
    false,
    'The attester has taken back everything that it said on this criterion up to a later moment. It must sign anew.',
    ({ attester, upTo }) => `${attester} has taken back what it said up to ${upTo}.`,
  ),
  attestedComplete: defineError<{ awardedAt: string }>(
    'attested-complete',
    409,
    false,
    'The contract has made the award: nothing can be added or taken back any more. To take the badge back, revoke it.',
    ({ awardedAt }) => `The contract made the award at ${awardedAt}.`,
  ),
} as const
