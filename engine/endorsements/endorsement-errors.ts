import { defineError } from '#engine/errors/define-error.ts'

export const endorsementErrors = {
  endorsementUnsigned: defineError(
    'endorsement-unsigned',
    422,
    false,
    'The endorsement has no proof. Sign the document of the request with your own key and send the whole of it.',
    () => 'The endorsement is not signed.',
  ),
  endorsementWrongKey: defineError<{ expected: string; found: string }>(
    'endorsement-wrong-key',
    422,
    false,
    'An endorsement must be issued and signed by the DID that was asked. Sign with that key, or have the request made out to another.',
    ({ expected, found }) => `The endorsement must be signed by ${expected}, not by ${found}.`,
  ),
  endorsementWrongTarget: defineError(
    'endorsement-wrong-target',
    422,
    false,
    'The endorsement speaks of something else than was asked. Read the request again and sign its document unchanged.',
    () => 'The endorsement is about something else than was asked.',
  ),
  endorsementWrongDigest: defineError<{ expected: string }>(
    'endorsement-wrong-digest',
    422,
    false,
    'The endorsement is over other bytes than were shown, as those of another version. Read the request again and sign its document.',
    ({ expected }) => `The endorsement must be over the digest ${expected}.`,
  ),
  endorsementAltered: defineError<{ members: string }>(
    'endorsement-altered',
    422,
    false,
    'The signed document differs from the one of the request. Nothing in it may be changed, only the proof added.',
    ({ members }) => `The signed endorsement differs from what was asked in: ${members}.`,
  ),
  endorsementSignatureWrong: defineError<{ reason: string }>(
    'endorsement-signature-wrong',
    422,
    false,
    'The signature does not hold, or it is of a suite that is not known here. Sign again with eddsa-rdfc-2022.',
    ({ reason }) => `The signature of the endorsement does not hold: ${reason}`,
  ),
  endorsementKeyUnavailable: defineError<{ endorser: string }>(
    'endorsement-key-unavailable',
    424,
    true,
    'The DID of the endorser does not answer, so nothing can be said of the signature. Nothing is wrong with it: send it again later.',
    ({ endorser }) =>
      `The keys of ${endorser} cannot be read at the moment. Send the endorsement again later.`,
  ),
  endorsementAlreadySigned: defineError(
    'endorsement-already-signed',
    409,
    false,
    'A request takes one signature. To endorse again, ask for a new request.',
    () => 'This endorsement has been signed already.',
  ),
} as const
