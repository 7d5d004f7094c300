import { texts } from '#web/i18n/texts.ts'

export const notificationTexts = texts(
  {
    bell: 'Notifications',
    unread: 'Notifications, {{unread}} unread',
    title: 'Notifications',
    lead: 'What happened that is about you or waits for you. Kept for 90 days.',
    none: 'There is nothing.',
    isNew: 'New',
    open: 'Go there',
    markRead: 'Mark as read',
    markAll: 'Mark all as read',
    more: 'Show more',
    signIn: 'Sign in to see your notifications.',
    unsubscribe: {
      title: 'Fewer mails',
      lead: 'You came here by the link in a mail.',
      stop: 'No longer send me these mails',
      done: 'These mails are no longer sent to you.',
      choose: 'Choose for each kind',
    },
  },
  {
    bell: 'Meldingen',
    unread: 'Meldingen, {{unread}} ongelezen',
    title: 'Meldingen',
    lead: 'Wat er gebeurde dat over jou gaat of op je wacht. Blijft 90 dagen bewaard.',
    none: 'Er is niets.',
    isNew: 'Nieuw',
    open: 'Ernaartoe',
    markRead: 'Gelezen',
    markAll: 'Alles gelezen',
    more: 'Meer tonen',
    signIn: 'Log in om je meldingen te zien.',
    unsubscribe: {
      title: 'Minder mails',
      lead: 'Je kwam hier met de link in een mail.',
      stop: 'Stuur me deze mails niet meer',
      done: 'Deze mails worden je niet meer gestuurd.',
      choose: 'Per soort kiezen',
    },
  },
)
