/** A report as mail servers write it (RFC 3464). */
export function deliveryReport(of: {
  /** Not every server tells it. */
  readonly messageId?: string
  readonly recipient: string
  readonly action?: string
  readonly status?: string
  /** Whether what is reported on comes whole, or its headers only. */
  readonly whole?: boolean
  /** Where it is sent: the Return-Path of the mail. */
  readonly to?: string
}): string {
  const {
    messageId,
    recipient,
    action = 'failed',
    status = '5.1.1',
    whole = false,
    to = 'no-reply@localhost',
  } = of
  return [
    'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="=_report_1"',
    '',
    '--=_report_1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Your message could not be delivered.',
    '',
    '--=_report_1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    'Arrival-Date: Thu, 26 Nov 2026 09:00:00 +0000',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status} (as the other side says)`,
    'Diagnostic-Code: smtp; 550 5.1.1 No such',
    '    mailbox here',
    '',
    '--=_report_1',
    `Content-Type: ${whole ? 'message/rfc822' : 'text/rfc822-headers'}`,
    '',
    'From: badges@issuer.example',
    `To: ${recipient}`,
    ...(messageId === undefined ? [] : [`Message-ID: ${messageId}`]),
    'Subject: You have earned a badge',
    '',
    ...(whole ? ['Message-ID: <in-the-body@example.org>', ''] : []),
    '--=_report_1--',
    '',
  ].join('\r\n')
}
