import { defineError } from '#engine/errors/define-error.ts'

export const decisionErrors = {
  decisionNotAnchored: defineError<{ outcome: string }>(
    'decision-not-anchored',
    409,
    false,
    'Only decisions that award by themselves go on chain. The document of every decision can be read all the same.',
    ({ outcome }) => `There is no receipt: a decision with the outcome "${outcome}" is not anchored.`,
  ),
} as const
