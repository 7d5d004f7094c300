import { texts } from '#web/i18n/texts.ts'

export const componentTexts = texts(
  {
    loading: 'Loading…',
    copy: 'Copy',
    copied: 'Copied',
    copyThis: 'Copy: {{what}}',
    close: 'Close',
    cancel: 'Cancel',
    more: 'Show more',
    nothing: 'There is nothing here yet.',
    tryAgain: 'Try again',
    problem: 'This did not work',
    instance: 'If you ask for help, name this request: {{instance}}',
    test: {
      title: 'TEST',
      text: 'This is a sample or was issued on a test machine. It is worth nothing as proof.',
    },
    qr: 'QR code of the address {{url}}',
    raw: 'Show the document',
    noImage: 'Badge without a picture',
  },
  {
    loading: 'Bezig met laden…',
    copy: 'Kopiëren',
    copied: 'Gekopieerd',
    copyThis: 'Kopieer: {{what}}',
    close: 'Sluiten',
    cancel: 'Annuleren',
    more: 'Meer tonen',
    nothing: 'Hier is nog niets.',
    tryAgain: 'Opnieuw proberen',
    problem: 'Dit is niet gelukt',
    instance: 'Vraag je om hulp? Noem dan dit verzoek: {{instance}}',
    test: {
      title: 'TEST',
      text: 'Dit is een voorbeeld of is uitgegeven op een testmachine. Als bewijs is het niets waard.',
    },
    qr: 'QR-code van het adres {{url}}',
    raw: 'Document tonen',
    noImage: 'Badge zonder afbeelding',
  },
)
