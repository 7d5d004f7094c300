import { actorOf, type Principal } from '#engine/access/rights.ts'
import { readAddress } from '#engine/attested-awards/address.ts'
import {
  type AttestedRule,
  attestedRuleFaults,
  attestedRuleHash,
} from '#engine/attested-awards/attested-rule.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { AttestedRuleId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { RegisteredRule } from '#services/ports/attested-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import { foundRule } from './found-case.ts'

export interface AttestedRulesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly attestedChain: AttestedChain
}

export interface NewAttestedRule {
  readonly issuerId: IssuerId
  readonly name: string
  /** 32 bytes: digest of what is awarded. */
  readonly achievement: Hex
  readonly threshold: number
  readonly opensAt: Instant
  readonly closesAt: Instant
  readonly criteria: readonly {
    /** What it says in words, whose SHA-256 stands in the rule; or only that digest. */
    readonly statement: { readonly says: string } | { readonly digest: Hex }
    /** Addresses, in lower case or with their checksum. */
    readonly attesters: readonly string[]
  }[]
}

/** On-chain rules in which an organisation takes part. They are on no list anywhere else: a rule is named by its hash. */
export const createAttestedRules = (needs: AttestedRulesNeeds) => {
  const { database, clock, random, hashes, audit, attestedChain } = needs
  return {
    /**
     * Registers a rule. Whoever registers the same one elsewhere gets the same hash.
     * Throws `attested-contract-missing`, `attested-rule-invalid`, `already-exists`.
     */
    create: async (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: NewAttestedRule,
    ): Promise<RegisteredRule> => {
      // 1. May they? Before anything is asked of the chain.
      await database.inOrganisation(organisationId, async (stores) => {
        const issuer = await stores.issuers.find(wanted.issuerId)
        if (issuer === undefined || issuer.organisationId !== organisationId)
          throw errors.notFound({ what: 'issuer', id: wanted.issuerId })
        await requireRight(stores, principal, 'create', organisationId, issuer.unitId)
      })

      // 2. Could anybody fulfil it, and is there a contract that would record it?
      const rule = ruleOf(wanted, hashes)
      const faults = attestedRuleFaults(rule)
      if (faults.length > 0) throw errors.attestedRuleInvalid({ faults })
      await attestedChain.require()

      // 3. Write it down.
      return database.inOrganisation(organisationId, async (stores) => {
        const registered: RegisteredRule = {
          organisationId,
          id: random.rowId() as AttestedRuleId,
          issuerId: wanted.issuerId,
          name: wanted.name,
          hash: attestedRuleHash(rule, hashes.keccak256),
          rule,
          statements: wanted.criteria.map(({ statement }) =>
            'says' in statement ? statement.says : undefined,
          ),
          at: attestedChain.address,
          createdAt: clock.now(),
        }
        if (!(await stores.attested.insertRule(registered)))
          throw errors.alreadyExists({ what: 'attested rule', id: registered.hash })
        await audit(stores, {
          organisationId,
          at: registered.createdAt,
          actor: actorOf(principal),
          action: 'attested_rule.registered',
          targetType: 'attested_rule',
          targetId: registered.id,
        })
        return registered
      })
    },

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
    ): Promise<Page<RegisteredRule>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return stores.attested.listRules(organisationId, page)
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AttestedRuleId,
    ): Promise<RegisteredRule> =>
      database.inOrganisation(organisationId, (stores) =>
        foundRule(stores, principal, 'read', organisationId, id),
      ),
  }
}

/** Whole seconds: what is over within a second is over at its end. */
const ruleOf = (
  { achievement, threshold, opensAt, closesAt, criteria }: NewAttestedRule,
  { sha256, keccak256 }: Hashes,
): AttestedRule => ({
  achievement,
  threshold,
  opensAt: Math.floor(opensAt / 1000),
  closesAt: Math.floor(closesAt / 1000),
  criteria: criteria.map(({ statement, attesters }) => ({
    statement: 'says' in statement ? toHex(sha256(utf8(statement.says))) : statement.digest,
    // What is no address stays what it is, and is told as a fault of the rule.
    attesters: attesters.map((text) => readAddress(text, keccak256) ?? '0x'),
  })),
})
