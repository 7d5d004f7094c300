import type * as z from 'zod'
import type { Rule, RuleVersion } from '#api/schemas/rules.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { RuleVersion as StoredVersion } from '#services/ports/rule-store.ts'
import type { RuleWithVersions } from '#services/rules/manage-rules.ts'
import { hex, timeOrNull } from './shown.ts'

export const showRule = ({ rule, versions, backfill }: RuleWithVersions): z.input<typeof Rule> => ({
  id: rule.id,
  name: rule.name,
  achievementId: rule.achievementId,
  createdAt: formatInstant(rule.createdAt),
  versions: versions.map(showVersion),
  backfillJobId: backfill?.id ?? null,
})

export const showVersion = (version: StoredVersion): z.input<typeof RuleVersion> => ({
  id: version.id,
  version: version.version,
  state: version.state,
  document: JSON.parse(new TextDecoder().decode(version.source)) as Record<string, unknown>,
  digest: version.digest === undefined ? null : hex(version.digest),
  activatedAt: timeOrNull(version.activatedAt),
})
