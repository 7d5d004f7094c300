/**
 * Signs the way back of a mail. Whoever shows the tag was sent the mail, or handles mail for who was; nobody else can make one.
 */
export interface ReturnTags {
  /** Lower-case letters, digits and hyphens only, so that no mail server changes it on its way. */
  tagOf(mailId: string): string
  /** The mail that a tag was made for; undefined for one that was not made here. */
  mailOf(tag: string): string | undefined
}
