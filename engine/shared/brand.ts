declare const brand: unique symbol

/** A value that only its parser makes: inside, a `RuleId` cannot pass for an `AwardId`. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name }
