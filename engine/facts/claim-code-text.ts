/** Crockford's base 32: no I, L, O or U, so that what is read aloud or typed off a wall is not mistaken. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 100 bits: nobody finds one by trying, here or with a copy of the hashes. */
const LENGTH = 20
const GROUP = 4

/** How many bytes of chance a code is made of. */
export const CLAIM_CODE_BYTES = LENGTH

/** A code as it is printed: `7K3M-Q0XD-…`, one symbol for each byte. Takes five bits of each byte. */
export function claimCodeOf(chance: Uint8Array, length = LENGTH): string {
  const symbols = Array.from(chance.slice(0, length), (byte) => SYMBOLS.charAt(byte & 31)).join('')
  return (symbols.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
}

/** A code as somebody typed it, in its one form; undefined for what cannot be one. */
export function readClaimCode(text: string, length = LENGTH): string | undefined {
  // Letters of other alphabets may have a capital in this one.
  if (text.length > 4 * length || !/^[\w\s-]*$/.test(text)) return undefined
  const symbols = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (symbols.length !== length || ![...symbols].every((symbol) => SYMBOLS.includes(symbol))) return undefined
  return symbols
}
