export interface Mail {
  /** Stable over every attempt, with its angle brackets: `<uuid@host>`. Mail servers know a repetition by it. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Stands in the Return-Path, so that what comes back is known to be of this mail. */
  readonly returnTag?: string
  /** Turns mails of this kind off when it is posted to (RFC 8058). */
  readonly unsubscribeUrl?: string
}

export type MailOutcome =
  | { readonly state: 'sent' }
  /** No mail server is set up: the row stays, for the owner to read in the console. */
  | { readonly state: 'held' }
  /**
   * `reason` names what happened, without address or content. `deadAddress`: what the other side answered (`550`,
   * `5.1.1`), where it says that there is no such address.
   */
  | {
      readonly state: 'failed'
      readonly retry: boolean
      readonly reason: string
      readonly deadAddress?: string
    }

/** Hands a mail to the outside, at least once. Never throws. */
export interface Mailer {
  send(mail: Mail): Promise<MailOutcome>
}
