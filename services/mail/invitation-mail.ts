import type { BuiltInRole } from '#engine/access/built-in-roles.ts'
import type { Right } from '#engine/access/rights.ts'
import type { MailMessage } from './mail-message.ts'

/** Asks somebody to become a member. The link in it is shown nowhere else. */
export function invitationMail(invitation: {
  readonly url: string
  readonly language: string
  readonly organisation: string
  /** Where it is for a part of the organisation. */
  readonly unit?: string
  readonly role?: { readonly name: string; readonly builtIn?: BuiltInRole }
  readonly rights: readonly Right[]
  readonly inviter?: string
  readonly days: number
}): MailMessage {
  const { url, language, organisation, unit, role, rights, inviter, days } = invitation
  const words = language.startsWith('nl') ? DUTCH : ENGLISH
  const what =
    role === undefined
      ? { rights: rights.map((right) => words.rights[right]).join(', ') }
      : { role: role.builtIn === undefined ? role.name : words.roles[role.builtIn] }
  return {
    kind: 'invitation',
    language,
    url,
    values: { organisation, unit, inviter, ...what, days: String(days), oneDay: days === 1 },
  }
}

interface Words {
  readonly roles: Readonly<Record<BuiltInRole, string>>
  readonly rights: Readonly<Record<Right, string>>
}

const ENGLISH: Words = {
  roles: { administrator: 'Administrator', designer: 'Designer', awarder: 'Awarder', viewer: 'Viewer' },
  rights: {
    create: 'create',
    read: 'read',
    update: 'update',
    delete: 'delete',
    award: 'award',
    sign: 'sign',
    administer: 'administer',
  },
}

const DUTCH: Words = {
  roles: { administrator: 'Beheerder', designer: 'Ontwerper', awarder: 'Toekenner', viewer: 'Lezer' },
  rights: {
    create: 'maken',
    read: 'lezen',
    update: 'wijzigen',
    delete: 'verwijderen',
    award: 'toekennen',
    sign: 'ondertekenen',
    administer: 'beheren',
  },
}
