import type * as z from 'zod'
import type { AnswerHeaders } from '#api/http/answer.ts'
import type { CredentialView, EndorsementSummary } from '#api/schemas/credentials.ts'
import { attestedView } from '#engine/credentials/attested-view.ts'
import { readSignedEndorsement } from '#engine/endorsements/signed-endorsement.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type LocalisedText, textWithLanguage } from '#engine/shared/localised-text.ts'
import type { BackpackBadge, CredentialPage } from '#services/credentials/serve-credentials.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import { timeOrNull } from './shown.ts'

const parse = (bytes: Uint8Array): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>

/** A published endorsement as pages show it; `document` is what the endorser signed. */
export function showEndorsementSummary(endorsement: Endorsement): z.input<typeof EndorsementSummary> {
  const signed = endorsement.signed && readSignedEndorsement(endorsement.signed)
  // A token was held against what was prepared, to the last member, when it was taken.
  const document = typeof signed === 'object' ? signed : parse(endorsement.prepared)
  const subject = document['credentialSubject'] as { readonly endorsementComment?: string } | undefined
  return {
    id: endorsement.id,
    endorserDid: endorsement.endorserDid,
    endorserName: endorsement.endorserName,
    comment: subject?.endorsementComment ?? '',
    publishedAt: formatInstant(endorsement.publishedAt ?? endorsement.requestedAt),
    target: endorsement.target,
    document,
    ...(typeof signed === 'string' ? { jwt: signed } : {}),
  }
}

export const credentialState = (
  page: Pick<CredentialPage, 'award'>,
): 'issued' | 'suspended' | 'revoked' | 'expired' | 'superseded' => {
  const { state, suspendedAt } = page.award
  if (state === 'issued' && suspendedAt !== undefined) return 'suspended'
  return state === 'revoked' || state === 'expired' || state === 'superseded' ? state : 'issued'
}

/** The same for its earner, who sees it from the moment that it was claimed. */
export const backpackState = (
  badge: Pick<BackpackBadge, 'award' | 'edition'>,
): 'issuing' | ReturnType<typeof credentialState> => {
  const state = credentialState(badge)
  return badge.edition === undefined && state === 'issued' ? 'issuing' : state
}

/** A badge as its page shows it, to somebody who may read it. */
export function showCredential(
  page: CredentialPage,
  publicUrl: string,
  language?: string,
): z.input<typeof CredentialView> {
  const document = parse(page.edition.signed)
  if (page.omits.length === 0) return { form: 'document', ...shown(page, publicUrl, language), document }
  const view = attestedView(document as JsonObject, page.omits)
  return {
    form: 'attested-view',
    ...shown(page, publicUrl, language),
    attested: {
      by: publicUrl,
      at: formatInstant(page.readAt),
      omitted: [...view.omitted],
      achievement: { ...view.achievement },
      validFrom: view.validFrom,
      validUntil: view.validUntil ?? null,
      creditsEarned: view.creditsEarned ?? null,
      narrative: view.narrative ?? null,
      evidence: [...(view.evidence ?? [])],
      results: [...(view.results ?? [])],
    },
  }
}

/** Search engines keep away from what its earner shows to some only. */
export const robotsHeaders = ({ credential, way }: CredentialPage): AnswerHeaders =>
  credential.visibility === 'public' && way.kind !== 'link' ? {} : { 'X-Robots-Tag': 'noindex' }

function shown(page: CredentialPage, publicUrl: string, wanted: string | undefined) {
  const { credential, edition, issuer, award } = page
  const { language, name, description, criteria } = page.version.definition
  const said = (text: LocalisedText) => textWithLanguage(text, wanted ?? language, language)
  return {
    id: credential.id,
    page: `${publicUrl}/credentials/${credential.id}`,
    visibility: credential.visibility,
    publicOmits: [...credential.publicOmits],
    state: credentialState(page),
    revocationReason: edition.revocationReason ?? null,
    edition: edition.edition,
    currentEdition: page.current,
    test: page.test,
    achievementId: award.achievementId,
    achievementName: page.achievementName,
    texts: { name: said(name), description: said(description), criteria: said(criteria) },
    documentLanguage: language,
    issuer: { name: issuer.name, did: issuer.did, slug: issuer.slug, domain: page.issuerDomain },
    image: page.image ?? null,
    imageAlt: page.imageAlt === undefined ? null : said(page.imageAlt),
    awardedAt: formatInstant(award.awardedAt),
    byRule: award.byRule !== undefined,
    anchor: {
      state: page.anchor.state,
      independent: page.anchor.independent,
      anchoredAt: timeOrNull(page.anchor.anchoredAt),
    },
    endorsements: page.endorsements.map(showEndorsementSummary),
    mine: page.way.kind === 'earner',
  }
}
