import { createAccountChanges } from '#services/access/account-changes.ts'
import { createManageAccount } from '#services/access/manage-account.ts'
import { createManageApiKeys } from '#services/access/manage-api-keys.ts'
import { createSignIn } from '#services/access/sign-in.ts'
import { createSignInByProvider } from '#services/access/sign-in-by-provider.ts'
import { createAnswerInvitations } from '#services/members/answer-invitations.ts'
import { createExpireRequests } from '#services/members/expire-requests.ts'
import { createInviteMembers } from '#services/members/invite-members.ts'
import { createManageMembers } from '#services/members/manage-members.ts'
import { createManageRoles } from '#services/members/manage-roles.ts'
import { createManageOrganisations } from '#services/organisations/manage-organisations.ts'
import { createManageSettings } from '#services/organisations/manage-settings.ts'
import { createManageUnits } from '#services/organisations/manage-units.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** Organisations and who belongs to them, accounts and how people sign in. */
export function composePeople(common: CommonParts, { identityProviders }: Pick<Parts, 'identityProviders'>) {
  const { database, clock, random, hashes, secretBox, audit, wakeUps, origin, settings } = common
  const signIn = createSignIn({ database, clock, random, hashes, wakeUps, origin })
  const accountChanges = createAccountChanges({ clock, random, origin })
  return {
    expireRequests: createExpireRequests({ database, clock, audit }),
    signIn,
    routes: {
      organisations: createManageOrganisations({ database, clock, random, audit }),
      units: createManageUnits({ database, clock, random, audit }),
      settings: createManageSettings({ database, clock, audit }),
      members: createManageMembers({ database, clock, audit }),
      roles: createManageRoles({ database, clock, random, audit }),
      invitations: createInviteMembers({
        database,
        clock,
        random,
        hashes,
        audit,
        wakeUps,
        origin,
        invitationDays: settings.invitationDays,
      }),
      answerInvitations: createAnswerInvitations({ database, clock, random, hashes, audit }),
      apiKeys: createManageApiKeys({ database, clock, random, hashes, audit }),
      signIn,
      signInByProvider: createSignInByProvider({
        database,
        clock,
        random,
        hashes,
        wakeUps,
        providers: identityProviders,
        secretBox,
        signIn,
        accountChanges,
        origin,
      }),
      account: createManageAccount({
        database,
        clock,
        random,
        hashes,
        audit,
        wakeUps,
        accountChanges,
        origin,
      }),
    },
  }
}
