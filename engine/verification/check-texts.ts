import { bilingual } from '#engine/shared/bilingual.ts'

/** A sentence for each code of a check. A code that is not here is shown with the English detail of the report. */
export const checkTexts = bilingual(
  {
    unread: 'The document could not be read, so this was not checked.',
    readable: 'The document is a verifiable credential.',
    'assertion-readable': 'The document is an assertion of Open Badges 2.0.',
    'assertion-malformed':
      'The document calls itself an assertion of Open Badges 2.0 and lacks what one must have.',
    'hosted-by-issuer':
      'The badge stands at an address for which {{domain}} vouches. It is not signed: it is what that server says now.',
    'hosted-unavailable': 'The badge is hosted elsewhere, and could not be fetched from there.',
    'hosted-gone': 'Its issuer has taken the badge away from its address.',
    'hosted-differs':
      'What stands at the address of the badge says something else than the document that was brought.',
    'hosted-out-of-scope': '{{domain}} does not vouch for what stands at the address of the badge.',
    'not-a-credential': 'The document is not a verifiable credential.',
    'issuer-missing': 'The document names no issuer.',
    'subject-missing': 'The document is about nobody.',
    'dates-malformed': 'A date in the document cannot be read.',
    'data-model-breached': 'The document breaks a rule of the data model of credentials.',
    'no-schema': 'No Open Badges 3.0 schema covers this kind of document.',
    'schema-conforms': 'The document conforms to the Open Badges 3.0 schema.',
    'schema-breached': 'The document breaks the Open Badges 3.0 schema.',
    'named-schema-breached': 'The document breaks the schema that it says it keeps to.',
    'schema-unknown':
      'The document names a schema that is not known here, so whether it keeps to that one could not be checked.',
    'signature-holds': 'The document is unaltered and signed by a key that {{domain}} published.',
    'signature-holds-by-kept-did':
      'The document is unaltered and signed by a key of the did.json that was handed in for {{domain}}.',
    'signature-holds-by-chain':
      'The document is unaltered and signed by a key that the chain records for this issuer. The site of the issuer vouches for it no more.',
    'signature-holds-by-block':
      'The document is unaltered. Its key is in wrong hands by now, as {{domain}} says, and a block held the document before.',
    'proof-missing': 'The document has no proof.',
    'proof-malformed': 'The proof cannot be read.',
    'proof-algorithm-refused': 'The proof uses an algorithm that is not accepted.',
    'proof-suite-unsupported': 'This verifier does not know this kind of proof.',
    'canonicalisation-too-slow':
      'The document takes too long to check. That says nothing about whether it is good.',
    'proof-purpose-wrong': 'The proof was made for something else.',
    'proof-challenge-wrong': 'The proof does not answer what the verifier asked.',
    'proof-domain-wrong': 'The proof was made for somebody else than the verifier.',
    'proof-created-malformed': 'The time of the proof cannot be read.',
    'proof-in-future': 'The proof bears a time that is still to come.',
    'proof-expired': 'The proof has expired.',
    'proof-key-not-of-issuer': 'The key that signed does not belong to the issuer.',
    'proof-key-unknown': 'The issuer does not publish the key that signed.',
    'proof-key-not-for-assertion': 'The issuer does not use this key to sign badges.',
    'proof-key-not-for-authentication': 'The holder does not use this key to show badges.',
    'proof-key-revoked': 'The issuer has revoked the key that signed.',
    'proof-key-not-begun': 'By what the chain records, the key that signed did not count yet.',
    'proof-key-unrecorded':
      'The site of the issuer does not tell its keys, and the chain does not record this one.',
    'proof-key-unwitnessed':
      'It was anchored when the key did not count, so nobody witnessed that it was signed in time.',
    'proof-key-unusable': 'The key that signed cannot be used.',
    'proof-is-base':
      'This is the copy that the earner keeps, with which any part can be shown. Ask for a copy that was made to be shown.',
    'proof-value-malformed': 'The signature has no valid form.',
    'proof-signature-wrong': 'The signature does not fit the document: one of the two was altered.',
    'proof-chain-broken': 'A proof builds on another that is not there.',
    'json-ld-refused': 'The document holds something that the signature cannot cover.',
    'jwt-claims-differ': 'The JWT says something else than the credential inside it.',
    'issuer-unavailable': 'The keys of the issuer could not be fetched.',
    'issuer-known': '{{domain}} is an issuer that this verifier knows.',
    'issuer-listed': 'A trust list that counts here vouches for {{domain}}.',
    'issuer-known-by-number':
      'This verifier knows {{domain}} by its number on the chain, which follows from its DID.',
    'issuer-unknown':
      '{{domain}} is not an issuer that this verifier knows; a good signature does not change that.',
    'issuer-known-on-chain':
      '{{domain}}, as recorded on the chain, is an issuer that this verifier knows by its number there.',
    'issuer-recorded-only':
      'The chain records {{domain}}, but anybody can record any name there. Rely on it only if you know the number of this issuer.',
    'no-status': 'The document names no status list; it cannot be looked up whether it was revoked.',
    'status-of-other-purpose':
      'The document names status lists, but none that says whether it was revoked or suspended.',
    'not-revoked': 'Not revoked, as of {{time}}.',
    'not-suspended':
      'Not suspended, as of {{time}}. The document names no list of revocations; it cannot be looked up whether it was revoked.',
    'not-revoked-on-chain': 'No status list could be read. By the chain it was not revoked, as of {{time}}.',
    'revocation-as-of-old-block':
      'No status list could be read. What is known of the chain is as of {{time}}: too long ago to say that it is not revoked now.',
    suspended: 'The issuer has suspended it, as of {{time}}.',
    superseded:
      'A newer edition of this badge has taken its place, as of {{time}}. The page of the badge shows that one.',
    revoked: 'The issuer has revoked it, as of {{time}}.',
    'status-not-looked-up': 'Nothing was looked up, as the signature does not hold.',
    'status-unavailable': 'The status list could not be fetched.',
    'status-unsupported': 'This verifier cannot read this kind of status.',
    'status-untrusted': 'A status list came, but the issuer does not vouch for it.',
    'status-malformed': 'The status in the document cannot be read.',
    'not-yet-valid': 'It is valid from {{validFrom}} on.',
    expired: 'It expired on {{validUntil}}.',
    'no-end': 'It has begun and has no end.',
    'in-date': 'It is valid until {{validUntil}}.',
    'disclosure-not-anchored':
      'The earner shows parts of the badge, and may have left others out. A receipt is about the whole badge, so none was looked at.',
    'no-receipt': 'No receipt came with the document, so no anchor was looked up.',
    'receipt-malformed': 'The receipt cannot be read.',
    'receipt-mismatch': 'The receipt does not belong to this document.',
    'chain-unavailable': 'The receipt fits the document, but the chain could not be asked.',
    'batch-not-on-chain': 'The receipt fits the document, but its batch is not on the chain (yet).',
    'block-unconfirmed':
      'All follows from a block that nobody named as one of the chain. Name its hash once you know it to be.',
    'block-differs': 'The proof follows from another block than the one that was named.',
    'state-proof-malformed': 'What came beside the receipt is no proof of a batch.',
    'state-proof-elsewhere': 'The proof is of another chain, contract or batch, or not whole.',
    'state-proof-wrong': 'The proof does not follow from its block: something in it was changed.',
    'state-proof-other-contract': 'By the proof its block does not have the contract there.',
    'anchor-not-by-issuer': 'The account that anchored is not one that the issuer lists.',
    'anchor-signer-unlisted': 'It was anchored, but whether by its issuer could not be told.',
    anchored: 'The document existed no later than its block: {{anchoredAt}}.',
    'anchored-not-independent':
      'It was anchored, {{anchoredAt}}, on a chain that is not known to be independent of its issuer.',
    'anchor-not-in-batch': 'The batch on the chain does not hold the document.',
    'anchor-revoked': 'The anchor was revoked on the chain.',
    'anchor-unauthorised': 'The account that anchored may not act for the issuer.',
    'achievement-not-looked-up': 'Whether the issuer still stands behind the achievement was not looked up.',
    'achievement-unavailable':
      'Whether the issuer still stands behind the achievement could not be looked up.',
    'achievement-stands': 'The issuer still awards the achievement.',
    'achievement-retired': 'The achievement is no longer awarded; badges that were given stay what they are.',
    'achievement-withdrawn':
      'The issuer stands no longer behind this achievement. That alone takes no badge back.',
    'image-not-brought': 'The document came without a picture around it.',
    'image-fits': 'The picture is the very one that the document names.',
    'image-swapped': 'The picture is another than the one that the document names.',
    'image-without-digest': 'The document names no digest of its picture, so any picture may be around it.',
    'no-endorsements': 'No endorsement came with the document.',
    'endorsements-hold': 'Every endorsement holds.',
    'endorsement-does-not-hold': 'An endorsement does not hold; see below.',
    'endorsement-undecided': 'An endorsement could not be decided, as where the endorser is not known.',
    'endorsements-left-out':
      'More endorsements came than are looked at in one go; nothing is said of the rest.',
    'endorsement-too-large': 'The endorsement is too large to be checked.',
    'endorsement-of-something-else': 'It endorses something else than this badge.',
    'endorsement-without-digest': 'It endorses this badge by name, without a digest of what was shown.',
    'endorsement-digest-fits': 'It endorses these very bytes.',
    'endorsement-wrong-digest': 'It endorses other bytes, as those of another version.',
    'not-a-presentation': 'The document is no verifiable presentation.',
    'presentation-readable': 'The document is a verifiable presentation.',
    'presentation-signed': 'The presentation is unaltered, and its holder signed it to present it.',
    'challenge-not-asked':
      'No challenge and no domain were given, so it may be a copy of what was shown to somebody else.',
    'challenge-answered': 'It was made in answer to the challenge that was given.',
    'domain-answered': 'It was made for the domain that was given; no challenge was.',
    'challenge-unproven': 'Not looked at, as no proof of the presentation holds.',
    'holder-unnamed': 'The presentation names no holder; whoever has the key made it.',
    'holder-signed': 'The holder whom the presentation names signed it: {{holder}}.',
    'holder-unproven': 'No proof shows that the holder made it.',
    'credentials-skipped': 'Nothing in it was looked at, as a proof of the presentation is wrong.',
    'no-credentials': 'There is no credential in it.',
    'credentials-valid': 'Every credential in it is valid; see below.',
    'credential-invalid': 'A credential in it is not valid; see below.',
    'credential-undecided': 'Of a credential in it not all could be told; see below.',
    'credentials-left-out':
      'There are more credentials in it than are looked at in one go; nothing is said of the rest.',
    'trust-list-holds': 'The list is unaltered, in date, and signed for a publisher whom you named.',
    'trust-list-unreadable': 'The list cannot be read.',
    'trust-list-malformed': 'The list does not have the form of a trust list.',
    'trust-list-unsigned': 'The list is not signed once, by one publisher.',
    'trust-list-key-unnamed': 'The list is signed for somebody whom nobody here named.',
    'trust-list-altered': 'The signature does not fit the list: one of the two was altered.',
    'trust-list-proof-refused': 'The signature of the list does not count.',
    'trust-list-not-begun': 'The list bears a date that is still to come.',
    'trust-list-expired': 'The list is out of date.',
    'trust-list-key-unavailable': 'The keys of the publisher of the list could not be fetched.',
    'recipient-not-asked': 'Nobody was named to compare the document with.',
    'recipient-matches': 'The document names the one whom you named.',
    'recipient-differs': 'The document names somebody else than the one whom you named.',
    'recipient-not-told':
      'The document names nobody in a way that could be compared with the one whom you named.',
  },
  {
    unread: 'Het document was niet te lezen; dit is dus niet gecontroleerd.',
    readable: 'Het document is een verifieerbare credential.',
    'assertion-readable': 'Het document is een assertion van Open Badges 2.0.',
    'assertion-malformed':
      'Het document noemt zich een assertion van Open Badges 2.0 en mist wat die moet hebben.',
    'hosted-by-issuer':
      'De badge staat op een adres waarvoor {{domain}} instaat. Er is geen handtekening: het is wat die server nu zegt.',
    'hosted-unavailable': 'De badge staat elders, en kon daar niet worden opgehaald.',
    'hosted-gone': 'De uitgever heeft de badge van het adres weggehaald.',
    'hosted-differs':
      'Wat op het adres van de badge staat, zegt iets anders dan het document dat is gebracht.',
    'hosted-out-of-scope': '{{domain}} staat niet in voor wat op het adres van de badge staat.',
    'not-a-credential': 'Het document is geen verifieerbare credential.',
    'issuer-missing': 'Het document noemt geen uitgever.',
    'subject-missing': 'Het document gaat over niemand.',
    'dates-malformed': 'Een datum in het document is niet te lezen.',
    'data-model-breached': 'Het document breekt een regel van het gegevensmodel van credentials.',
    'no-schema': 'Voor dit soort document is er geen schema van Open Badges 3.0.',
    'schema-conforms': 'Het document voldoet aan het schema van Open Badges 3.0.',
    'schema-breached': 'Het document voldoet niet aan het schema van Open Badges 3.0.',
    'named-schema-breached': 'Het document voldoet niet aan het schema dat het zelf noemt.',
    'schema-unknown':
      'Het document noemt een schema dat hier niet bekend is; of het daaraan voldoet, kon niet worden gecontroleerd.',
    'signature-holds':
      'Het document is onveranderd en ondertekend met een sleutel die {{domain}} heeft gepubliceerd.',
    'signature-holds-by-kept-did':
      'Het document is onveranderd en ondertekend met een sleutel uit de did.json die voor {{domain}} is meegegeven.',
    'signature-holds-by-chain':
      'Het document is onveranderd en ondertekend met een sleutel die de keten van deze uitgever vermeldt. De site van de uitgever staat er niet meer voor in.',
    'signature-holds-by-block':
      'Het document is onveranderd. De sleutel is inmiddels in verkeerde handen, zoals {{domain}} zegt, en een blok bevatte het document al eerder.',
    'proof-missing': 'Het document is niet ondertekend.',
    'proof-malformed': 'De ondertekening is niet te lezen.',
    'proof-algorithm-refused': 'De ondertekening gebruikt een algoritme dat niet wordt aanvaard.',
    'proof-suite-unsupported': 'Dit soort ondertekening is hier niet bekend.',
    'canonicalisation-too-slow':
      'Het nakijken van het document duurt te lang. Dat zegt niets over of het goed is.',
    'proof-purpose-wrong': 'De ondertekening is voor iets anders bedoeld.',
    'proof-challenge-wrong': 'De ondertekening beantwoordt niet wat de controleur vroeg.',
    'proof-domain-wrong': 'De ondertekening is voor iemand anders dan de controleur gemaakt.',
    'proof-created-malformed': 'Het tijdstip van de ondertekening is niet te lezen.',
    'proof-in-future': 'De ondertekening draagt een tijdstip dat nog moet komen.',
    'proof-expired': 'De ondertekening is verlopen.',
    'proof-key-not-of-issuer': 'De gebruikte sleutel is niet van de uitgever.',
    'proof-key-unknown': 'De uitgever publiceert de gebruikte sleutel niet.',
    'proof-key-not-for-assertion': 'De uitgever ondertekent met deze sleutel geen badges.',
    'proof-key-not-for-authentication': 'De houder gebruikt deze sleutel niet om badges te tonen.',
    'proof-key-revoked': 'De uitgever heeft de gebruikte sleutel ingetrokken.',
    'proof-key-not-begun': 'Volgens de keten gold de gebruikte sleutel nog niet.',
    'proof-key-unrecorded':
      'De site van de uitgever noemt zijn sleutels niet, en de keten vermeldt deze niet.',
    'proof-key-unwitnessed':
      'Het is verankerd toen de sleutel niet gold; niemand was er dus getuige van dat het op tijd is ondertekend.',
    'proof-key-unusable': 'De gebruikte sleutel is niet bruikbaar.',
    'proof-is-base':
      'Dit is het exemplaar dat de verdiener bewaart, waarmee elk deel getoond kan worden. Vraag om een exemplaar dat gemaakt is om te tonen.',
    'proof-value-malformed': 'De handtekening heeft geen geldige vorm.',
    'proof-signature-wrong': 'De handtekening past niet bij het document: een van beide is veranderd.',
    'proof-chain-broken': 'Een ondertekening bouwt op een andere die er niet is.',
    'json-ld-refused': 'In het document staat iets wat de handtekening niet kan dekken.',
    'jwt-claims-differ': 'De JWT zegt iets anders dan de credential erin.',
    'issuer-unavailable': 'De sleutels van de uitgever konden niet worden opgehaald.',
    'issuer-known': '{{domain}} is een uitgever die hier bekend is.',
    'issuer-listed': 'Een vertrouwenslijst die hier telt, staat in voor {{domain}}.',
    'issuer-known-by-number':
      '{{domain}} is hier bekend bij zijn nummer op de keten, dat uit zijn DID volgt.',
    'issuer-unknown':
      '{{domain}} is geen uitgever die hier bekend is; een goede handtekening verandert dat niet.',
    'issuer-known-on-chain':
      '{{domain}}, zoals op de keten vermeld, is een uitgever die hier bij zijn nummer daar bekend is.',
    'issuer-recorded-only':
      'De keten vermeldt {{domain}}, maar iedereen kan daar elke naam laten vermelden. Vertrouw erop alleen als je het nummer van deze uitgever kent.',
    'no-status': 'Het document noemt geen statuslijst; of het is ingetrokken is niet na te gaan.',
    'status-of-other-purpose':
      'Het document noemt statuslijsten, maar geen die zegt of het is ingetrokken of opgeschort.',
    'not-revoked': 'Niet ingetrokken, op {{time}}.',
    'not-suspended':
      'Niet opgeschort, op {{time}}. Het document noemt geen lijst van intrekkingen; of het is ingetrokken is niet na te gaan.',
    'not-revoked-on-chain':
      'Er was geen statuslijst te lezen. Volgens de keten is het niet ingetrokken, op {{time}}.',
    'revocation-as-of-old-block':
      'Er was geen statuslijst te lezen. Wat er van de keten bekend is, is van {{time}}: te lang geleden om te zeggen dat het nu niet is ingetrokken.',
    suspended: 'De uitgever heeft het opgeschort, op {{time}}.',
    superseded:
      'Een nieuwere uitgave van deze badge is in de plaats gekomen, op {{time}}. De pagina van de badge laat die zien.',
    revoked: 'De uitgever heeft het ingetrokken, op {{time}}.',
    'status-not-looked-up': 'Er is niets opgezocht, omdat de handtekening niet klopt.',
    'status-unavailable': 'De statuslijst kon niet worden opgehaald.',
    'status-unsupported': 'Dit soort status is hier niet te lezen.',
    'status-untrusted': 'Er kwam een statuslijst, maar de uitgever staat er niet voor in.',
    'status-malformed': 'De status in het document is niet te lezen.',
    'not-yet-valid': 'Het is geldig vanaf {{validFrom}}.',
    expired: 'Het is verlopen op {{validUntil}}.',
    'no-end': 'Het is begonnen en heeft geen einddatum.',
    'in-date': 'Het is geldig tot {{validUntil}}.',
    'disclosure-not-anchored':
      'De verdiener toont delen van de badge en kan andere hebben weggelaten. Een ontvangstbewijs gaat over de hele badge; er is dus geen bekeken.',
    'no-receipt': 'Er kwam geen ontvangstbewijs mee; er is dus geen verankering opgezocht.',
    'receipt-malformed': 'Het ontvangstbewijs is niet te lezen.',
    'receipt-mismatch': 'Het ontvangstbewijs hoort niet bij dit document.',
    'chain-unavailable': 'Het ontvangstbewijs past bij het document, maar de keten gaf geen antwoord.',
    'batch-not-on-chain':
      'Het ontvangstbewijs past bij het document, maar de bundel staat (nog) niet op de keten.',
    'block-unconfirmed':
      'Alles volgt uit een blok dat niemand als een van de keten heeft aangewezen. Geef de hash ervan als je weet dat het zo is.',
    'block-differs': 'Het bewijs volgt uit een ander blok dan is aangewezen.',
    'state-proof-malformed': 'Wat bij het ontvangstbewijs kwam, is geen bewijs van een bundel.',
    'state-proof-elsewhere':
      'Het bewijs gaat over een andere keten, een ander contract of een andere bundel, of is niet heel.',
    'state-proof-wrong': 'Het bewijs volgt niet uit zijn blok: er is iets in veranderd.',
    'state-proof-other-contract': 'Volgens het bewijs staat het contract in dat blok daar niet.',
    'anchor-not-by-issuer': 'Wie heeft verankerd, staat niet bij de uitgever vermeld.',
    'anchor-signer-unlisted': 'Het is verankerd, maar of de uitgever dat deed was niet na te gaan.',
    anchored: 'Het document bestond niet later dan zijn blok: {{anchoredAt}}.',
    'anchored-not-independent':
      'Het is verankerd, {{anchoredAt}}, op een keten waarvan niet bekend is dat hij onafhankelijk is van de uitgever.',
    'anchor-not-in-batch': 'De bundel op de keten bevat dit document niet.',
    'anchor-revoked': 'De verankering is op de keten ingetrokken.',
    'anchor-unauthorised': 'Wie heeft verankerd, mag niet namens de uitgever handelen.',
    'achievement-not-looked-up': 'Of de uitgever nog achter de prestatie staat, is niet nagegaan.',
    'achievement-unavailable': 'Of de uitgever nog achter de prestatie staat, was niet na te gaan.',
    'achievement-stands': 'De uitgever kent de prestatie nog toe.',
    'achievement-retired':
      'De prestatie wordt niet meer toegekend; badges die zijn gegeven, blijven wat ze zijn.',
    'achievement-withdrawn':
      'De uitgever staat niet meer achter deze prestatie. Daarmee is nog geen badge teruggenomen.',
    'image-not-brought': 'Er zat geen afbeelding om het document.',
    'image-fits': 'De afbeelding is precies die welke het document noemt.',
    'image-swapped': 'De afbeelding is een andere dan die welke het document noemt.',
    'image-without-digest':
      'Het document noemt geen digest van zijn afbeelding; er kan dus elke afbeelding omheen zitten.',
    'no-endorsements': 'Er kwam geen aanbeveling mee.',
    'endorsements-hold': 'Elke aanbeveling klopt.',
    'endorsement-does-not-hold': 'Een aanbeveling klopt niet; zie hieronder.',
    'endorsement-undecided':
      'Een aanbeveling was niet na te gaan, bijvoorbeeld omdat de aanbeveler niet bekend is.',
    'endorsements-left-out':
      'Er kwamen meer aanbevelingen mee dan er in een keer worden nagegaan; over de rest is niets gezegd.',
    'endorsement-too-large': 'De aanbeveling is te groot om te controleren.',
    'endorsement-of-something-else': 'De aanbeveling gaat over iets anders dan deze badge.',
    'endorsement-without-digest': 'De aanbeveling noemt deze badge, zonder digest van wat werd getoond.',
    'endorsement-digest-fits': 'De aanbeveling gaat over precies deze bytes.',
    'endorsement-wrong-digest': 'De aanbeveling gaat over andere bytes, zoals die van een andere versie.',
    'not-a-presentation': 'Het document is geen verifieerbare presentatie.',
    'presentation-readable': 'Het document is een verifieerbare presentatie.',
    'presentation-signed':
      'De presentatie is onveranderd, en haar houder heeft haar ondertekend om haar te tonen.',
    'challenge-not-asked':
      'Er is geen challenge en geen domein opgegeven; het kan dus een kopie zijn van wat aan iemand anders is getoond.',
    'challenge-answered': 'Ze is gemaakt als antwoord op de challenge die is opgegeven.',
    'domain-answered': 'Ze is gemaakt voor het domein dat is opgegeven; een challenge was er niet.',
    'challenge-unproven': 'Niet bekeken, want geen ondertekening van de presentatie klopt.',
    'holder-unnamed': 'De presentatie noemt geen houder; wie de sleutel heeft, heeft haar gemaakt.',
    'holder-signed': 'De houder die de presentatie noemt, heeft haar ondertekend: {{holder}}.',
    'holder-unproven': 'Geen ondertekening laat zien dat de houder haar heeft gemaakt.',
    'credentials-skipped':
      'Van wat erin zit is niets bekeken, want een ondertekening van de presentatie is fout.',
    'no-credentials': 'Er zit geen credential in.',
    'credentials-valid': 'Elke credential erin is geldig; zie hieronder.',
    'credential-invalid': 'Een credential erin is niet geldig; zie hieronder.',
    'credential-undecided': 'Van een credential erin was niet alles na te gaan; zie hieronder.',
    'credentials-left-out':
      'Er zitten meer credentials in dan in één keer worden bekeken; over de rest wordt niets gezegd.',
    'trust-list-holds':
      'De lijst is onveranderd, niet verlopen, en ondertekend voor een uitgever ervan die je hebt genoemd.',
    'trust-list-unreadable': 'De lijst is niet te lezen.',
    'trust-list-malformed': 'De lijst heeft niet de vorm van een vertrouwenslijst.',
    'trust-list-unsigned': 'De lijst is niet één keer, door één uitgever, ondertekend.',
    'trust-list-key-unnamed': 'De lijst is ondertekend voor iemand die hier niemand heeft genoemd.',
    'trust-list-altered': 'De handtekening past niet bij de lijst: een van beide is veranderd.',
    'trust-list-proof-refused': 'De handtekening van de lijst telt niet.',
    'trust-list-not-begun': 'De lijst draagt een datum die nog moet komen.',
    'trust-list-expired': 'De lijst is verlopen.',
    'trust-list-key-unavailable': 'De sleutels van de uitgever van de lijst konden niet worden opgehaald.',
    'recipient-not-asked': 'Er is niemand genoemd om het document mee te vergelijken.',
    'recipient-matches': 'Het document noemt wie jij hebt genoemd.',
    'recipient-differs': 'Het document noemt iemand anders dan jij hebt genoemd.',
    'recipient-not-told':
      'Het document noemt niemand op een manier die te vergelijken was met wie jij hebt genoemd.',
  },
)
