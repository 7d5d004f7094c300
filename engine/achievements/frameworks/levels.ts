import type { Framework } from './framework.ts'

const EQF_LEVELS = ['1', '2', '3', '4', '5', '6', '7', '8']

export const EQF: Framework = {
  id: 'eqf',
  name: 'European Qualifications Framework',
  targetType: 'ext:EQF',
  publisher: 'Council of the European Union, Recommendation of 22 May 2017 (2017/C 189/03)',
  source: 'https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32017H0615(01)',
  licence: 'Commission Decision 2011/833/EU: reuse with acknowledgement',
  targets: EQF_LEVELS.map((code) => ({
    code,
    name: { en: `EQF level ${code}`, nl: `EQF-niveau ${code}` },
    url: `http://data.europa.eu/snb/eqf/${code}`,
  })),
}

/** Its entry level has a name and, for all we know, no code: the name stands for it. */
export const NLQF: Framework = {
  id: 'nlqf',
  name: 'Nederlands kwalificatiekader (NLQF)',
  targetType: 'ext:NLQF',
  publisher: 'Nationaal Coördinatiepunt NLQF',
  source: 'https://www.nlqf.nl/',
  licence: 'facts: numbers of levels',
  targets: [
    { code: 'Instroomniveau', name: { en: 'NLQF entry level', nl: 'NLQF-instroomniveau' } },
    ...['1', '2', '3', '4', '4+', '5', '6', '7', '8'].map((code) => ({
      code,
      name: { en: `NLQF level ${code}`, nl: `NLQF-niveau ${code}` },
    })),
  ],
}
