import type { FileStore } from '#services/ports/file-store.ts'
import { bytes, type Transaction } from './rows.ts'

export function fileStore(tx: Transaction): FileStore {
  return {
    put: async (file) => {
      await tx.file.createMany({
        data: { sha256: bytes(file.sha256), bytes: bytes(file.bytes), media_type: file.mediaType },
        skipDuplicates: true,
      })
    },
    get: async (sha256) => {
      const row = await tx.file.findUnique({ where: { sha256: bytes(sha256) } })
      return row === null ? undefined : { bytes: row.bytes, mediaType: row.media_type }
    },
  }
}
