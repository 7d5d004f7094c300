import { competences, type Framework } from './framework.ts'

const JRC = 'Joint Research Centre of the European Commission'
const CC_BY = 'CC BY 4.0'

/** 2.3 and 5.3 as edition 2.2 has them: other editions word them slightly differently. */
export const DIGCOMP: Framework = {
  id: 'digcomp-2.2',
  name: 'DigComp 2.2: The Digital Competence Framework for Citizens',
  targetType: 'ext:DigComp',
  publisher: JRC,
  source: 'https://doi.org/10.2760/115376',
  licence: CC_BY,
  targets: competences(`
    1.1 Browsing, searching and filtering data, information and digital content
    1.2 Evaluating data, information and digital content
    1.3 Managing data, information and digital content
    2.1 Interacting through digital technologies
    2.2 Sharing through digital technologies
    2.3 Engaging in citizenship through digital technologies
    2.4 Collaborating through digital technologies
    2.5 Netiquette
    2.6 Managing digital identity
    3.1 Developing digital content
    3.2 Integrating and re-elaborating digital content
    3.3 Copyright and licences
    3.4 Programming
    4.1 Protecting devices
    4.2 Protecting personal data and privacy
    4.3 Protecting health and well-being
    4.4 Protecting the environment
    5.1 Solving technical problems
    5.2 Identifying needs and technological responses
    5.3 Creatively using digital technologies
    5.4 Identifying digital competence gaps`),
}

export const LIFECOMP: Framework = {
  id: 'lifecomp',
  name: 'LifeComp: The European Framework for Personal, Social and Learning to Learn Key Competence',
  targetType: 'ext:LifeComp',
  publisher: JRC,
  source: 'https://doi.org/10.2760/302967',
  licence: CC_BY,
  targets: competences(`
    P1 Self-regulation
    P2 Flexibility
    P3 Wellbeing
    S1 Empathy
    S2 Communication
    S3 Collaboration
    L1 Growth mindset
    L2 Critical thinking
    L3 Managing learning`),
}

/** 3.3 as the framework has it: later publications word it slightly differently. */
export const ENTRECOMP: Framework = {
  id: 'entrecomp',
  name: 'EntreComp: The Entrepreneurship Competence Framework',
  targetType: 'ext:EntreComp',
  publisher: JRC,
  source: 'https://doi.org/10.2791/593884',
  licence: 'Commission Decision 2011/833/EU: reuse with acknowledgement',
  targets: competences(`
    1.1 Spotting opportunities
    1.2 Creativity
    1.3 Vision
    1.4 Valuing ideas
    1.5 Ethical and sustainable thinking
    2.1 Self-awareness and self-efficacy
    2.2 Motivation and perseverance
    2.3 Mobilising resources
    2.4 Financial and economic literacy
    2.5 Mobilising others
    3.1 Taking the initiative
    3.2 Planning and management
    3.3 Coping with uncertainty, ambiguity and risk
    3.4 Working with others
    3.5 Learning through experience`),
}

export const GREENCOMP: Framework = {
  id: 'greencomp',
  name: 'GreenComp: The European sustainability competence framework',
  targetType: 'ext:GreenComp',
  publisher: JRC,
  source: 'https://doi.org/10.2760/13286',
  licence: CC_BY,
  targets: competences(`
    1.1 Valuing sustainability
    1.2 Supporting fairness
    1.3 Promoting nature
    2.1 Systems thinking
    2.2 Critical thinking
    2.3 Problem framing
    3.1 Futures literacy
    3.2 Adaptability
    3.3 Exploratory thinking
    4.1 Political agency
    4.2 Collective action
    4.3 Individual initiative`),
}
