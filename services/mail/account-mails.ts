import { type MailText, mail } from './mail-layout.ts'

const isDutch = (language: string): boolean => language.startsWith('nl')

/** A code that proves an address, to write into the page that asked for it. */
export function identityCodeMail({
  code,
  url,
  language,
}: {
  readonly code: string
  readonly url: string
  readonly language: string
}): MailText {
  return isDutch(language)
    ? mail(
        `${code} is je code voor Waarmerk`,
        [
          `Je code is ${code}. Vul hem in op de pagina waar je erom vroeg. Hij werkt één keer, een kwartier lang.`,
          'Wie de code heeft, kan dit adres aan zijn account toevoegen. Geef hem aan niemand.',
        ],
        url,
        'Naar mijn account',
        'Heb je hier niet om gevraagd? Dan hoef je niets te doen.',
      )
    : mail(
        `${code} is your code for Waarmerk`,
        [
          `Your code is ${code}. Write it into the page where you asked for it. It works once, for fifteen minutes.`,
          'Whoever has the code can add this address to their account. Give it to nobody.',
        ],
        url,
        'To my account',
        'Did you not ask for this? Then there is nothing that you need to do.',
      )
}

export type AccountChange = 'added' | 'removed' | 'merged'

/** Says at every address of an account that an identity came or went, or that two accounts became one. */
export function accountChangeMail({
  change,
  identity,
  url,
  language,
}: {
  readonly change: AccountChange
  readonly identity: string
  readonly url: string
  readonly language: string
}): MailText {
  const texts = isDutch(language)
    ? {
        added: [
          'Er is iets aan je account toegevoegd',
          `Met ${identity} kun je nu ook inloggen op je account.`,
        ],
        removed: [
          'Er is iets van je account verwijderd',
          `Met ${identity} kun je niet meer inloggen op je account.`,
        ],
        merged: [
          'Twee accounts zijn er één geworden',
          `Je account en dat van ${identity} zijn nu één account. Badges en rechten van beide staan bij elkaar.`,
        ],
      }
    : {
        added: ['Something was added to your account', `${identity} can now also sign in to your account.`],
        removed: [
          'Something was removed from your account',
          `${identity} can no longer sign in to your account.`,
        ],
        merged: [
          'Two accounts have become one',
          `Your account and that of ${identity} are now one account, with the badges and rights of both.`,
        ],
      }
  const [subject = '', sentence = ''] = texts[change]
  return isDutch(language)
    ? mail(
        subject,
        [sentence],
        url,
        'Mijn account bekijken',
        'Was jij dit niet? Log in en haal weg wat niet van jou is, of vraag de beheerder om hulp.',
      )
    : mail(
        subject,
        [sentence],
        url,
        'View my account',
        'Was this not you? Sign in and remove what is not yours, or ask the operator for help.',
      )
}
