import { useMutation } from '@tanstack/react-query'
import { postBytes, postForFile } from '#web/api/client.ts'
import type { VerifyInput } from './read-input.ts'
import type { WireAnyReport } from './wire-report.ts'

/** What is to be verified, and whom it should be of. */
export interface VerifyQuestion {
  readonly input: VerifyInput
  readonly recipient?: string
  /** What the holder of a presentation was to answer, and for whom. */
  readonly challenge?: string
  readonly domain?: string
}

/** Asks the server for a verification. Takes as long as foreign status lists and chains take: seconds at most. */
export const useVerify = () => useMutation({ mutationFn: verify })

export async function verify(question: VerifyQuestion): Promise<WireAnyReport> {
  const { body, mediaType } = await sendingOf(question)
  return postBytes('/v1/verify', body, mediaType)
}

/** Has the same verified anew, and printed. */
export async function printReport(question: VerifyQuestion, language: string): Promise<Blob> {
  const { body, mediaType } = await sendingOf(question)
  return postForFile('/v1/verify/report', body, mediaType, {
    language: language.startsWith('nl') ? 'nl' : 'en',
  })
}

interface Sending {
  readonly body: Blob | string
  readonly mediaType: string
}

/** What was handed in stays letter by letter: what is asked of it is written behind it, or the file goes into a request. */
async function sendingOf({ input, ...asked }: VerifyQuestion): Promise<Sending> {
  const mediaType = 'application/json'
  switch (input.kind) {
    case 'link':
      return { body: JSON.stringify({ url: input.url, ...asked }), mediaType }
    case 'request': {
      const more = JSON.stringify(asked).slice(1, -1)
      return { body: `${input.body.slice(0, -1)}${more === '' ? '' : `,${more}`}}`, mediaType }
    }
    case 'bytes': {
      if (Object.keys(asked).length === 0) return { body: input.bytes, mediaType: input.mediaType }
      return { body: JSON.stringify({ file: await base64Of(input.bytes), ...asked }), mediaType }
    }
  }
}

function base64Of(bytes: Blob | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(new Blob([bytes]))
  })
}
