/** The command was called in a way that it does not know; the message says which. */
export class UsageFault extends Error {}
