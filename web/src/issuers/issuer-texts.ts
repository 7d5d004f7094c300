import { texts } from '#web/i18n/texts.ts'

export const issuerTexts = texts(
  {
    what: 'Issuer',
    loading: 'The issuer is being looked up…',
    selfNamed: 'Calls itself',
    did: 'DID',
    website: 'Website',
    email: 'E-mail',
    phone: 'Phone',
    page: 'Page',
    description: 'About',
    keys: 'Keys',
    keysLead:
      'Published at {{url}}. Badges are checked with the signing keys; the others anchor batches on a chain.',
    signing: 'Signs badges',
    anchoring: 'Anchors batches',
    revoked: 'Compromised since {{time}}',
    retired: 'Signs no more badges',
    noKeys: 'The keys could not be read.',
    notFound: 'There is no such issuer.',
  },
  {
    what: 'Uitgever',
    loading: 'De uitgever wordt opgezocht…',
    selfNamed: 'Noemt zich',
    did: 'DID',
    website: 'Website',
    email: 'E-mail',
    phone: 'Telefoon',
    page: 'Pagina',
    description: 'Over',
    keys: 'Sleutels',
    keysLead:
      'Gepubliceerd op {{url}}. Met de ondertekensleutels worden badges gecontroleerd; de andere verankeren bundels op een keten.',
    signing: 'Ondertekent badges',
    anchoring: 'Verankert bundels',
    revoked: 'In verkeerde handen sinds {{time}}',
    retired: 'Ondertekent geen badges meer',
    noKeys: 'De sleutels konden niet worden gelezen.',
    notFound: 'Deze uitgever bestaat niet.',
  },
)
