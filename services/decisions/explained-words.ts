import { tellEvents } from '#engine/decisions/tell-events.ts'
import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import type { Language } from '#engine/rules/explain/phrases.ts'
import { zoneOfRule } from '#engine/rules/explain/rule-zone.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import { explainInWords } from '#engine/rules/explain/words.ts'
import type { EventId, RuleVersionId } from '#engine/shared/ids.ts'
import { type AchievementTitles, titlesFor } from '#services/achievements/achievement-titles.ts'
import type { EventMention } from '#services/ports/event-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { readResolvedRule } from '#services/rules/rule-catalogue.ts'

/** An explanation in words: a line a part of the rule, indented by two spaces a level; then which events. */
export interface Words {
  readonly en: readonly string[]
  readonly nl: readonly string[]
}

/** The events that a trace names, by id; what was erased is missing. */
export type Mentions = ReadonlyMap<EventId, EventMention>

/** The rule version that explanations are told by; undefined where it has none that was in force. */
export async function resolvedVersion(stores: Stores, id: RuleVersionId): Promise<ResolvedRule | undefined> {
  const version = await stores.rules.findVersion(id)
  return version?.resolved === undefined ? undefined : readResolvedRule(version.resolved)
}

/** `before`: what is said ahead of the parts of the rule. */
export function inWords(
  rule: ResolvedRule | undefined,
  trace: Trace,
  { titles, events }: { readonly titles: AchievementTitles; readonly events: Mentions },
  before: (language: Language) => readonly string[] = () => [],
): Words {
  const lines = (language: Language) =>
    rule === undefined
      ? [...before(language)]
      : [
          ...before(language),
          ...explainInWords(trace, rule, language, titlesFor(titles, language)).map(
            ({ depth, text }) => `${'  '.repeat(depth)}${text}`,
          ),
          ...tellEvents(trace, events, language, zoneOfRule(rule)),
        ]
  return { en: lines('en'), nl: lines('nl') }
}
