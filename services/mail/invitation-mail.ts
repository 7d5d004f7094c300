import type { BuiltInRole } from '#engine/access/built-in-roles.ts'
import type { Right } from '#engine/access/rights.ts'
import { type MailText, mail } from './mail-layout.ts'

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
}): MailText {
  const { url, language, organisation, unit, role, rights, inviter, days } = invitation
  const words = language.startsWith('nl') ? DUTCH : ENGLISH
  const what =
    role === undefined
      ? words.may(rights.map((right) => words.rights[right]).join(', '))
      : words.as(role.builtIn === undefined ? role.name : words.roles[role.builtIn])
  return mail(
    words.subject(organisation),
    [
      words.invites(inviter, organisation, unit),
      what,
      words.proof,
      days === 1 ? words.lastsOneDay : words.lasts(days),
    ],
    url,
    words.action,
    words.closing,
  )
}

interface Words {
  readonly subject: (organisation: string) => string
  readonly invites: (inviter: string | undefined, organisation: string, unit: string | undefined) => string
  readonly as: (role: string) => string
  readonly may: (rights: string) => string
  readonly proof: string
  readonly lasts: (days: number) => string
  readonly lastsOneDay: string
  readonly action: string
  readonly closing: string
  readonly roles: Readonly<Record<BuiltInRole, string>>
  readonly rights: Readonly<Record<Right, string>>
}

const ENGLISH: Words = {
  subject: (organisation) => `You are invited to ${organisation}`,
  invites: (inviter, organisation, unit) =>
    `${inviter ?? organisation} invites you to work on the badges of ${unit === undefined ? organisation : `${unit} (${organisation})`}.`,
  as: (role) => `Your role there would be: ${role}.`,
  may: (rights) => `There you could: ${rights}.`,
  proof: 'You accept with the address to which this mail was sent.',
  lasts: (days) => `The link works for ${days} days. Do not pass it on.`,
  lastsOneDay: 'The link works for one day. Do not pass it on.',
  action: 'View the invitation',
  closing: 'Did you not expect this? Then there is nothing that you need to do.',
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
  subject: (organisation) => `Je bent uitgenodigd voor ${organisation}`,
  invites: (inviter, organisation, unit) =>
    `${inviter ?? organisation} nodigt je uit om te werken aan de badges van ${unit === undefined ? organisation : `${unit} (${organisation})`}.`,
  as: (role) => `Je rol wordt dan: ${role}.`,
  may: (rights) => `Je mag daar dan: ${rights}.`,
  proof: 'Je accepteert met het adres waarnaar deze mail is gestuurd.',
  lasts: (days) => `De link werkt ${days} dagen. Geef hem niet door.`,
  lastsOneDay: 'De link werkt één dag. Geef hem niet door.',
  action: 'Uitnodiging bekijken',
  closing: 'Had je dit niet verwacht? Dan hoef je niets te doen.',
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
