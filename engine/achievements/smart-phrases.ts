import type { Language } from '#engine/rules/explain/phrases.ts'
import type { SmartFinding, SmartGap } from './smart-check.ts'

/** What a criterion lacks, as a sentence to its author. */
export const phraseSmart = ({ gap }: SmartFinding, language: Language): string => PHRASES[language][gap]

const PHRASES: Readonly<Record<Language, Readonly<Record<SmartGap, string>>>> = {
  en: {
    'text-too-short': 'Specific: say in at least three words what somebody does.',
    'verb-vague': 'Specific: nobody can see that somebody understands or knows; say what they do.',
    'measure-missing': 'Measurable: say what is counted or looked at.',
    'target-missing': 'Measurable: say how much of it is enough.',
    'evidence-missing': 'Acceptable: say what kind of evidence is shown.',
    'not-reviewable': 'Acceptable: see to it that somebody else can look at it again.',
    'target-absolute': 'Realistic: always, never and 100 % are reached by nobody.',
    'due-missing': 'Time-bound: say by when, or within which term.',
  },
  nl: {
    'text-too-short': 'Specifiek: zeg in ten minste drie woorden wat iemand doet.',
    'verb-vague': 'Specifiek: dat iemand iets begrijpt of weet, ziet niemand; zeg wat hij doet.',
    'measure-missing': 'Meetbaar: zeg wat er wordt geteld of bekeken.',
    'target-missing': 'Meetbaar: zeg hoeveel daarvan genoeg is.',
    'evidence-missing': 'Acceptabel: zeg wat voor bewijs er wordt getoond.',
    'not-reviewable': 'Acceptabel: zorg dat een ander het opnieuw kan bekijken.',
    'target-absolute': 'Realistisch: altijd, nooit en 100 % haalt niemand.',
    'due-missing': 'Tijdgebonden: zeg wanneer, of binnen welke termijn.',
  },
}
