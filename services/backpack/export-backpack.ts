import type { Principal } from '#engine/access/rights.ts'
import type { AwardState } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { BackpackBadge, ServeCredentials } from '#services/credentials/serve-credentials.ts'
import type { Archive, ArchiveFile } from '#services/ports/archive.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { ImportedBadge } from '#services/ports/imported-badge-store.ts'
import type { Pause } from '#services/ports/pause.ts'
import type { Random } from '#services/ports/random.ts'
import { type IndexedBadge, indexText } from './backpack-index.ts'
import type { ImportBadges } from './import-badges.ts'
import type { ManageCollections } from './manage-collections.ts'

export interface ExportBackpackNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly credentials: Pick<ServeCredentials, 'backpack' | 'document' | 'receipt'>
  readonly importBadges: Pick<ImportBadges, 'list' | 'document'>
  readonly collections: Pick<ManageCollections, 'list'>
  readonly archive: Archive
  readonly pause: Pause
}

type Person = Extract<Principal, { kind: 'session' }>

export type ExportBackpack = ReturnType<typeof createExportBackpack>

/**
 * Everything of an earner's backpack in one file. It is made while it goes out, one badge after the other: which badges, and what the
 * list says of them, as of the beginning, and the files as of the moment at which they are packed.
 */
export const createExportBackpack = (needs: ExportBackpackNeeds) => {
  const { database, clock, random, credentials, importBadges, collections, archive, pause } = needs

  async function* own(person: Person, index: IndexedBadge[]): AsyncGenerator<ArchiveFile> {
    const badges = (await credentials.backpack(person)).toSorted(
      ({ credential: a }, { credential: b }) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
    )
    for (const [at, badge] of badges.entries()) {
      const { id } = badge.credential
      // What is still being issued has no document: the list says so, and nothing else of it is in the file.
      if (badge.edition === undefined) {
        index.push(indexed(badge, ''))
        continue
      }
      const { name, language } = badge.version.definition
      const folder = folderOf('badges', at, textIn(name, language, language))
      index.push(indexed(badge, folder))
      for (const format of ['json', 'jwt', 'png', 'svg', 'pdf'] as const) {
        // Of an issuer that has no key any more nothing new is signed: its badges are there as they were issued.
        const bytes = await unless(format === 'jwt' ? errors.conflict.code : 'image-unfit', () =>
          patiently(() => credentials.document(id, { principal: person }, format)),
        )
        if (bytes !== undefined) yield { name: `${folder}/badge.${format}`, bytes }
      }
      const receipt = await unless(errors.receiptNotReady.code, () =>
        credentials.receipt(id, { principal: person }),
      )
      if (receipt !== undefined) yield { name: `${folder}/receipt.json`, bytes: json(receipt) }
    }
  }

  /** Half of a file would be worse than one that comes later: where papers are printed for others, it waits for its turn. */
  async function patiently(attempt: () => Promise<Uint8Array>): Promise<Uint8Array> {
    for (let left = MOST_ATTEMPTS; ; left -= 1) {
      const bytes = await (left > 0 ? unless(errors.unavailable.code, attempt) : attempt())
      if (bytes !== undefined) return bytes
      await pause(ATTEMPT_MS)
    }
  }

  async function* imported({ accountId }: Person, index: IndexedBadge[]): AsyncGenerator<ArchiveFile> {
    for (const [at, badge] of (await importBadges.list(accountId)).entries()) {
      // One that was removed meanwhile is none.
      const file = await unless(errors.notFound.code, () => importBadges.document(accountId, badge.id))
      if (file === undefined) continue
      const folder = folderOf('from-elsewhere', at, badge.said.name ?? 'badge')
      index.push(indexedImport(badge, folder))
      yield { name: `${folder}/badge.${KINDS[file.mediaType] ?? 'json'}`, bytes: file.bytes }
      const { verdict, holder, checkedAt, importedAt } = badge
      const found = {
        verdict,
        matchesHolder: holder,
        checkedAt: formatInstant(checkedAt),
        importedAt: formatInstant(importedAt),
      }
      yield { name: `${folder}/check.json`, bytes: json(found) }
    }
  }

  async function* everything(person: Person): AsyncGenerator<ArchiveFile> {
    await database.asWorker((stores) =>
      stores.accounts.record(person.accountId, {
        id: random.rowId(),
        at: clock.now(),
        action: 'backpack.exported',
        detail: {},
      }),
    )
    const badges: IndexedBadge[] = []
    const elsewhere: IndexedBadge[] = []
    yield* own(person, badges)
    yield* imported(person, elsewhere)
    const all = await collections.list(person.accountId)
    const told = all.map(({ id, name, description, visibility, items, createdAt, changedAt }) => ({
      id,
      name,
      description,
      visibility,
      badges: items.map(({ credentialId }) => credentialId),
      createdAt: formatInstant(createdAt),
      changedAt: formatInstant(changedAt),
    }))
    yield { name: 'collections.json', bytes: json(told) }
    const at = clock.now()
    for (const [language, name] of [
      ['nl', 'INHOUD.nl.md'],
      ['en', 'INDEX.en.md'],
    ] as const)
      yield { name, bytes: utf8(indexText(language, { at, badges, elsewhere, collections: all })) }
  }

  return (person: Person): AsyncIterable<Uint8Array> => archive(everything(person))
}

/** A minute in all. */
const MOST_ATTEMPTS = 120
const ATTEMPT_MS = 500

const KINDS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/jwt': 'jwt',
}

const json = (value: unknown): Uint8Array => utf8(`${JSON.stringify(value, null, 2)}\n`)

/** A folder that any system can make: `badges/003-first-aid`. */
function folderOf(place: string, at: number, name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return `${place}/${String(at + 1).padStart(3, '0')}${plain === '' ? '' : `-${plain}`}`
}

const indexed = (
  { version: { definition }, issuer, award, test, edition }: BackpackBadge,
  folder: string,
): IndexedBadge => ({
  name: (language) => textIn(definition.name, language, definition.language),
  issuer: issuer.name,
  since: award.awardedAt,
  folder,
  state: stateOf(award.state, edition !== undefined),
  test,
})

/** As the list words it. */
function stateOf(state: AwardState, isSigned: boolean): string {
  if (isSigned) return state === 'issued' ? '' : state
  return state === 'revoked' ? 'revokedUnsigned' : 'issuing'
}

const indexedImport = ({ said, verdict, importedAt }: ImportedBadge, folder: string): IndexedBadge => ({
  name: () => said.name ?? '?',
  issuer: said.issuerName ?? said.issuer ?? '?',
  since: said.validFrom ?? importedAt,
  folder,
  state: verdict,
  test: false,
})

/** What an attempt gives, or nothing where it is refused with this code. */
async function unless<T>(code: string, attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof WaarmerkError && error.code === code) return undefined
    throw error
  }
}
