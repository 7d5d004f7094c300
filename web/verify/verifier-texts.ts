import { texts } from '#web/i18n/texts.ts'

export const verifierTexts = texts(
  {
    title: 'Verify a badge in this browser',
    lead: 'Your files stay on this machine: this page works without a server of ours. Whom it asks, you say below.',
    files: {
      title: 'Drop the badge and its receipt here, or choose them',
      hint: 'The badge as PNG, SVG, JSON or text, or a presentation of some; its receipt; and, where you kept them, did.json and a proof of the batch',
      choose: 'Choose files',
      list: 'Files',
      none: 'Choose the file of a badge first.',
      remove: 'Remove {{name}}',
    },
    kinds: {
      badge: 'badge or presentation',
      receipt: 'receipt',
      did: 'keys of the issuer (did.json)',
      proof: 'proof of the batch',
      list: 'trust list',
      unreadable: 'nothing that can be read here',
    },
    rpc: {
      label: 'Address of a node of the chain',
      hint: 'It learns which batch is asked for, and not which badge. Leave it empty to ask nobody.',
      wrong: 'This is no http or https address.',
    },
    blockHash: {
      label: 'Hash of the block of your proof',
      hint: 'From a place that you believe.',
    },
    trusted: {
      label: 'Issuers that you know',
      hint: 'A domain or a folder of one (uni.example/badges), a DID, or a number on the chain (0x…), each on a line. Only the number counts when the site of the issuer is gone.',
    },
    trustKeys: {
      label: 'Whose trust lists you believe',
      hint: 'The DID of the publisher, or one key of it (DID#KEY), each on a line. Without it a list counts for nothing.',
    },
    site: {
      label: 'Ask the site of the issuer too',
      hint: 'For its keys, its status list and a newer text of the badge; a badge of Open Badges 2.0 can be verified in no other way. The site then learns that you look at one of its badges, and must let other pages read it: where it does not, that could not be checked.',
    },
    submit: 'Verify',
    checking: 'Being verified in this browser…',
    failed: 'This could not be verified here: {{reason}}',
    refusals: {
      'nothing-presented':
        'you gave a challenge or a domain, and what you chose is no presentation. Leave both empty, or have the holder present it.',
      'document-too-large': 'it is larger than any badge need be (1 MB, 4,000 values).',
    },
    again: 'Verify another badge',
  },
  {
    title: 'Controleer een badge in deze browser',
    lead: 'Je bestanden blijven op dit apparaat: deze pagina werkt zonder server van ons. Wie er iets wordt gevraagd, bepaal je hieronder.',
    files: {
      title: 'Sleep de badge en het ontvangstbewijs hierheen, of kies ze',
      hint: 'De badge als PNG, SVG, JSON of tekst, of een presentatie van een paar; het ontvangstbewijs; en als je die hebt bewaard did.json en een bewijs van de bundel',
      choose: 'Kies bestanden',
      list: 'Bestanden',
      none: 'Kies eerst het bestand van een badge.',
      remove: 'Haal {{name}} weg',
    },
    kinds: {
      badge: 'badge of presentatie',
      receipt: 'ontvangstbewijs',
      did: 'sleutels van de uitgever (did.json)',
      proof: 'bewijs van de bundel',
      list: 'vertrouwenslijst',
      unreadable: 'hier is niets uit te lezen',
    },
    rpc: {
      label: 'Adres van een knooppunt van de keten',
      hint: 'Het leert om welke bundel het gaat, en niet om welke badge. Laat het leeg om niemand iets te vragen.',
      wrong: 'Dit is geen http- of https-adres.',
    },
    blockHash: {
      label: 'Hash van het blok van je bewijs',
      hint: 'Van een plek die je gelooft.',
    },
    trusted: {
      label: 'Uitgevers die je kent',
      hint: 'Een domein of een map daarvan (uni.example/badges), een DID of een nummer op de keten (0x…), elk op een regel. Alleen het nummer telt als de site van de uitgever weg is.',
    },
    trustKeys: {
      label: 'Wiens vertrouwenslijsten je gelooft',
      hint: 'De DID van de uitgever ervan, of één sleutel daarvan (DID#SLEUTEL), elk op een regel. Zonder telt een lijst niet.',
    },
    site: {
      label: 'Vraag het ook de site van de uitgever',
      hint: 'Om zijn sleutels, zijn statuslijst en een nieuwere tekst van de badge; een badge van Open Badges 2.0 is niet anders te controleren. De site leert dan dat je een van zijn badges bekijkt, en moet andere pagina’s toelaten: doet hij dat niet, dan was dat niet na te gaan.',
    },
    submit: 'Controleren',
    checking: 'Wordt in deze browser gecontroleerd…',
    failed: 'Dit was hier niet te controleren: {{reason}}',
    refusals: {
      'nothing-presented':
        'je gaf een challenge of een domein op, en wat je koos is geen presentatie. Laat beide leeg, of laat de houder haar tonen.',
      'document-too-large': 'het is groter dan een badge hoeft te zijn (1 MB, 4000 waarden).',
    },
    again: 'Controleer een andere badge',
  },
)
