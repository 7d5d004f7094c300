import { defineError } from '#engine/errors/define-error.ts'

/** Why an endpoint cannot have this URL. */
export type WebhookUrlFault = 'malformed' | 'scheme' | 'userinfo' | 'address' | 'fragment'

const FAULTS: Readonly<Record<WebhookUrlFault, string>> = {
  malformed: 'it is not a URL',
  scheme: 'it must begin with https',
  userinfo: 'it holds a user name or a password',
  address: 'it does not lead to a public address',
  fragment: 'it holds a fragment (#), which is never sent',
}

export const webhookErrors = {
  webhookUrlRefused: defineError<{ reason: WebhookUrlFault }>(
    'webhook-url-refused',
    422,
    false,
    'An endpoint of a webhook has an https URL of a public server: `reason` says what is wrong with this one. What its name leads to is looked at anew with every delivery.',
    ({ reason }) => `Nothing can be sent to this URL: ${FAULTS[reason]}.`,
  ),
  webhookEventTypeUnknown: defineError<{ type: string }>(
    'webhook-event-type-unknown',
    422,
    false,
    'There is no such type of event. `GET /v1/webhook-event-types` lists them; a family is written `award.*`, everything `*`.',
    ({ type }) => `There is no type of event ${type}.`,
  ),
  webhookDisabled: defineError<{ state: 'disabled'; reason: string; possible: readonly string[] }>(
    'webhook-disabled',
    409,
    false,
    'The endpoint is disabled: `reason` says why. Enable it first, by changing `enabled` to true.',
    ({ reason, possible }) => `The endpoint is disabled (${reason}). Possible now: ${possible.join(', ')}.`,
  ),
  webhookLimit: defineError<{ most: number }>(
    'webhook-limit',
    409,
    false,
    'An organisation has as many endpoints as it may have. Delete one that is no longer needed.',
    ({ most }) => `An organisation has ${most} endpoints at most.`,
  ),
} as const
