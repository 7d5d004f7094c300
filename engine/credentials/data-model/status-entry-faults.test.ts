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

const messages = (count: number): Json[] =>
  Array.from({ length: count }, (_, at) => ({ status: `0x${at.toString(16)}`, message: `value ${at}` }))

test.each<[string, Json, string[]]>([
  ['one entry without an id', entry, []],
  ['entries with ids of their own', [{ ...entry, id: `${list}#94567` }], []],
  ['an index that is a number', { ...entry, statusListIndex: 94567 }, ['/credentialStatus/statusListIndex']],
  ['an index below zero', { ...entry, statusListIndex: '-1' }, ['/credentialStatus/statusListIndex']],
  ['no purpose', { ...entry, statusPurpose: '' }, ['/credentialStatus/statusPurpose']],
  ['no list', [{ ...entry, statusListCredential: 'x' }], ['/credentialStatus/0/statusListCredential']],
  ['the id of the list', { ...entry, id: list }, ['/credentialStatus/id']],
  ['messages for both values', { ...entry, statusSize: 1, statusMessage: messages(2) }, []],
  ['four messages for two bits', { ...entry, statusSize: 2, statusMessage: messages(4) }, []],
  ['two bits without messages', { ...entry, statusSize: 2 }, ['/credentialStatus/statusMessage']],
  ['one message for one bit', { ...entry, statusMessage: messages(1) }, ['/credentialStatus/statusMessage']],
  ['messages that are a text', { ...entry, statusMessage: 'set' }, ['/credentialStatus/statusMessage']],
  [
    'messages without their parts',
    { ...entry, statusMessage: [{ status: '0', message: 'a' }, { status: '0x1' }] },
    ['/credentialStatus/statusMessage/0/status', '/credentialStatus/statusMessage/1/message'],
  ],
  ['no bit', { ...entry, statusSize: 0 }, ['/credentialStatus/statusSize']],
  ['half a bit', { ...entry, statusSize: 1.5 }, ['/credentialStatus/statusSize']],
  ['more bits than anybody has messages for', { ...entry, statusSize: 32 }, ['/credentialStatus/statusSize']],
  ['a reference', { ...entry, statusReference: [list] }, []],
  ['a reference that is no URL', { ...entry, statusReference: 'x' }, ['/credentialStatus/statusReference']],
  ['another kind of status', { type: 'Other' }, []],
])('%s', (_name, credentialStatus, paths) => {
  expect(statusEntryFaults({ credentialStatus }).map(({ path }) => path)).toEqual(paths)
})
