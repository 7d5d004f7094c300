import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { ReturnTags } from '#services/ports/return-tags.ts'

/** 80 bits: a report is handed in by somebody who is known, and a wrong one is answered. The whole fits in 64 octets. */
const MAC_BYTES = 10
const TAG = /^b-([0-9a-v]{26})-([0-9a-v]{16})$/

/** HMAC-SHA256 of the mail's id under a key that is derived from the master key, and from nothing else. */
export function createReturnTags(masterKey: Uint8Array): ReturnTags {
  const key = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), 'waarmerk return tags 1', 32))
  const macOf = (mailId: string) => createHmac('sha256', key).update(mailId).digest().subarray(0, MAC_BYTES)
  return {
    tagOf: (mailId) => {
      const id = BigInt(`0x${mailId.replaceAll('-', '')}`)
      return `b-${base32(id, 26)}-${base32(BigInt(`0x${macOf(mailId).toString('hex')}`), 16)}`
    },
    mailOf: (tag) => {
      const [, id, mac] = TAG.exec(tag) ?? []
      if (id === undefined || mac === undefined) return undefined
      const hex = numberOf(id).toString(16).padStart(32, '0')
      if (hex.length > 32) return undefined
      const mailId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
      const shown = Buffer.from(
        numberOf(mac)
          .toString(16)
          .padStart(MAC_BYTES * 2, '0'),
        'hex',
      )
      return timingSafeEqual(shown, macOf(mailId)) ? mailId : undefined
    },
  }
}

/** Digits and letters without case: mail servers may write an address in lower case. */
const base32 = (value: bigint, length: number): string => value.toString(32).padStart(length, '0')
const numberOf = (text: string): bigint =>
  [...text].reduce((sum, digit) => sum * 32n + BigInt(Number.parseInt(digit, 32)), 0n)
