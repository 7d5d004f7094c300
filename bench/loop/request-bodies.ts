import { utf8 } from '#engine/shared/bytes.ts'

const MOST = 9_900_000

const filled = (begin: string, text: string, end: string): Uint8Array =>
  utf8(`${begin}${text.repeat(Math.floor((MOST - begin.length - end.length) / text.length))}${end}`)

/** Bodies of `POST /v1/verify` just within the bound of an upload. */
export const REQUEST_BODIES: ReadonlyMap<string, () => Uint8Array> = new Map([
  ['a file in base64', () => filled('{"file":"', 'QUJD', '"}')],
  ['nothing but escapes', () => filled('{"credential":"', '\\n', '"}')],
  ['nothing but written-out characters', () => filled('{"credential":"', '\\u00e9', '"}')],
  ['one number', () => filled('{"credential":', '9', '}')],
  ['white space', () => filled('', ' ', '{}')],
  ['one long name', () => filled('{"', 'x', '":1}')],
  ['letters of three bytes', () => filled('{"credential":"', '\u20ac', '"}')],
  [
    'twenty large endorsements',
    () => filled('{"endorsements":[', `{"name":"${'x'.repeat(494_000)}"},`, '{}]}'),
  ],
])
