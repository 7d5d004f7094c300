import { defineError } from '#engine/errors/define-error.ts'

export const verificationErrors = {
  documentTooLarge: defineError<{ limit: string }>(
    'document-too-large',
    413,
    false,
    'The document is larger, deeper or has more values than a verifier takes (1 MB, depth 64, 4,000 values). No badge needs that much.',
    ({ limit }) => `The document is over the limit of ${limit}.`,
  ),
  documentUnreadable: defineError<{ reason: string }>(
    'document-unreadable',
    422,
    false,
    'What was sent is no JSON, no compact JWS, and no PNG or SVG with a badge inside. Send the file as you got it.',
    ({ reason }) => `No badge can be read from this: ${reason}.`,
  ),
  nothingPresented: defineError(
    'nothing-presented',
    422,
    false,
    'A challenge or a domain was given, and what came is no presentation: a credential answers neither. Have the holder present it, or leave both out.',
    () => 'A challenge or a domain was given, and what came is no presentation.',
  ),
} as const
