import { expect, test } from 'vitest'
import type { Json } from '#engine/shared/json.ts'
import { statusEntryFaults } from './status-entry-faults.ts'

const list = 'https://example.org/status/1'
const entry = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '94567',
  statusListCredential: list,
}

test.each<[string, Json, string[]]>([
  ['one entry without an id', entry, []],
  ['entries with ids of their own', [{ ...entry, id: `${list}#94567` }], []],
  ['an index that is a number', { ...entry, statusListIndex: 94567 }, ['/credentialStatus/statusListIndex']],
  ['an index below zero', { ...entry, statusListIndex: '-1' }, ['/credentialStatus/statusListIndex']],
  ['no purpose', { ...entry, statusPurpose: '' }, ['/credentialStatus/statusPurpose']],
  ['no list', [{ ...entry, statusListCredential: 'x' }], ['/credentialStatus/0/statusListCredential']],
  ['the id of the list', { ...entry, id: list }, ['/credentialStatus/id']],
  ['another kind of status', { type: 'Other' }, []],
])('%s', (_name, credentialStatus, paths) => {
  expect(statusEntryFaults({ credentialStatus }).map(({ path }) => path)).toEqual(paths)
})
