import { texts } from '#web/i18n/texts.ts'

export const achievementLifeTexts = texts(
  {
    reason: 'Reason',
    submit: {
      label: 'Hand in',
      title: 'Hand this version in for review?',
      text: 'From then on it is not edited, until somebody gives it back.',
      done: 'The version is in review.',
    },
    approve: {
      label: 'Approve',
      title: 'Approve this version?',
      text: 'Then it can be published.',
      done: 'The version is approved.',
    },
    return: {
      label: 'Give back',
      title: 'Give this version back to its authors?',
      text: 'It becomes a draft again.',
      done: 'The version is a draft again.',
      reasonHint: 'Its authors read it.',
    },
    publish: {
      label: 'Publish',
      title: 'Publish this version?',
      text: 'It becomes public. Once it was awarded, it can never change.',
      done: 'The version is published.',
    },
    retire: {
      label: 'Award no more',
      title: 'Award this version no more?',
      text: 'Badges that were given stay what they are.',
      done: 'The version is awarded no more.',
    },
    withdraw: {
      label: 'Withdraw',
      title: 'Withdraw this version?',
      text: 'It says that you do not stand behind it any more. That alone takes no badge back.',
      done: 'The version is withdrawn.',
      reasonHint: 'Public: whoever looks at the page or verifies a badge reads it. Name nobody.',
    },
  },
  {
    reason: 'Reden',
    submit: {
      label: 'Indienen',
      title: 'Deze versie ter beoordeling indienen?',
      text: 'Daarna wordt hij niet meer bewerkt, totdat iemand hem teruggeeft.',
      done: 'De versie is in beoordeling.',
    },
    approve: {
      label: 'Goedkeuren',
      title: 'Deze versie goedkeuren?',
      text: 'Dan kan hij worden gepubliceerd.',
      done: 'De versie is goedgekeurd.',
    },
    return: {
      label: 'Teruggeven',
      title: 'Deze versie aan de makers teruggeven?',
      text: 'Hij wordt weer een concept.',
      done: 'De versie is weer een concept.',
      reasonHint: 'De makers lezen dit.',
    },
    publish: {
      label: 'Publiceren',
      title: 'Deze versie publiceren?',
      text: 'Hij wordt openbaar. Is hij eenmaal toegekend, dan kan hij nooit meer veranderen.',
      done: 'De versie is gepubliceerd.',
    },
    retire: {
      label: 'Niet meer toekennen',
      title: 'Deze versie niet meer toekennen?',
      text: 'Badges die zijn gegeven, blijven wat ze zijn.',
      done: 'De versie wordt niet meer toegekend.',
    },
    withdraw: {
      label: 'Terugtrekken',
      title: 'Deze versie terugtrekken?',
      text: 'Het zegt dat je er niet meer achter staat. Badges die zijn gegeven, worden daarmee niet teruggenomen.',
      done: 'De versie is teruggetrokken.',
      reasonHint: 'Openbaar: wie de pagina bekijkt of een badge controleert, leest dit. Noem niemand.',
    },
  },
)
