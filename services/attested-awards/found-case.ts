import type { Principal, Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AttestedCaseId, AttestedRuleId, OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { CaseWithRule, RegisteredRule } from '#services/ports/attested-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** A registered rule, for whoever holds the right on its issuer. Throws `not-found`, `forbidden`. */
export async function foundRule(
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
  id: AttestedRuleId,
): Promise<RegisteredRule> {
  const rule = await stores.attested.findRule(organisationId, id)
  const issuer = rule === undefined ? undefined : await stores.issuers.find(rule.issuerId)
  if (rule === undefined || issuer === undefined) throw errors.notFound({ what: 'attested rule', id })
  await requireRight(stores, principal, right, organisationId, issuer.unitId)
  return rule
}

/** The same of a person in a rule. */
export async function foundCase(
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
  { ruleId, caseId }: { readonly ruleId: AttestedRuleId; readonly caseId: AttestedCaseId },
): Promise<CaseWithRule> {
  const rule = await foundRule(stores, principal, right, organisationId, ruleId)
  const found = await stores.attested.findCase(organisationId, caseId)
  if (found === undefined || found.ruleId !== ruleId)
    throw errors.notFound({ what: 'subject of the rule', id: caseId })
  return { rule, case: found }
}
