import { webhookMac } from '#adapters/crypto/webhook-mac.ts'
import { createWebhookSender } from '#adapters/fetch/webhook-sender.ts'
import { createReturnTags } from '#adapters/keys/return-tags.ts'
import { bounceReader } from '#adapters/mail/bounce-reader.ts'
import { systemPause } from '#adapters/system/system-pause.ts'
import { createDeliverMail } from '#services/mail/deliver-mail.ts'
import { createChooseNotifications } from '#services/notifications/choose-notifications.ts'
import { createMailNotifications } from '#services/notifications/mail-notifications.ts'
import { createMakeDigests } from '#services/notifications/make-digests.ts'
import { createManageMailTemplates } from '#services/notifications/manage-mail-templates.ts'
import { createReadNotifications } from '#services/notifications/read-notifications.ts'
import { createTakeBounces } from '#services/notifications/take-bounces.ts'
import { createUnsubscribeLink } from '#services/notifications/unsubscribe-link.ts'
import { createDeliverWebhooks } from '#services/webhooks/deliver-webhooks.ts'
import { createDisableWebhook } from '#services/webhooks/disable-webhook.ts'
import { createManageWebhooks } from '#services/webhooks/manage-webhooks.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** What is told, to people by notifications and mail, and to others' servers by webhooks. */
export function composeMessages(
  common: CommonParts,
  { mailer, masterKey }: Pick<Parts, 'mailer' | 'masterKey'>,
) {
  const { database, clock, random, secretBox, audit, wakeUps, log, origin, settings } = common
  const webhookSender = createWebhookSender({ allowLocalhost: settings.fetchLocalhost })
  const unsubscribeLink = createUnsubscribeLink({ secretBox, origin })
  const returnTags = createReturnTags(masterKey)
  return {
    routes: {
      notifications: createReadNotifications({ database, clock }),
      chooseNotifications: createChooseNotifications({ database, clock, secretBox, wakeUps }),
      bounces: createTakeBounces({ database, clock, random, audit, bounceReader, returnTags }),
      mailTemplates: createManageMailTemplates({ database, clock, audit, origin }),
      webhooks: createManageWebhooks({
        database,
        clock,
        random,
        secretBox,
        sender: webhookSender,
        audit,
        wakeUps,
      }),
    },
    steps: {
      mail: createDeliverMail({
        database,
        clock,
        mailer,
        random,
        log,
        returnTags,
        prepare: [
          createMailNotifications({ database, clock, random, origin, unsubscribeLink, log }),
          createMakeDigests({ database, clock, random, origin, unsubscribeLink, log }),
        ],
      }),
      webhooks: createDeliverWebhooks({
        database,
        clock,
        random,
        secretBox,
        mac: webhookMac,
        sender: webhookSender,
        pause: systemPause,
        disableWebhook: createDisableWebhook({ audit }),
        wakeUps,
        log,
      }),
    },
  }
}
