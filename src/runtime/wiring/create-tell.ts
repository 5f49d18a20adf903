// Delivers notifications for real: mail through the server of `SMTP_URL`, webhooks through the outbound guard.
import nodemailer from 'nodemailer'
import { AppError } from '../../core/errors.ts'
import type { Tell } from '../schedules/tell-news.ts'
import type { Services } from '../services.ts'

export interface TellOptions {
  http: Services['http']
  /** `smtp://user:password@host:587`; undefined: no mail can be sent. */
  smtpUrl: string | undefined
  mailFrom: string
  /** Where people reach the console. */
  publicUrl: string | undefined
}

const deliverWithinMs = 20_000

export function createTell({ http, smtpUrl, mailFrom, publicUrl }: TellOptions): Tell & { close(): void } {
  const timeouts = {
    connectionTimeout: deliverWithinMs,
    greetingTimeout: deliverWithinMs,
    socketTimeout: deliverWithinMs,
  }
  const transport =
    smtpUrl === undefined ? undefined : nodemailer.createTransport({ url: smtpUrl, ...timeouts })
  return {
    async mail(to, message) {
      if (!transport) throw new AppError('config-invalid', 'No mail can be sent: SMTP_URL is not set.')
      await transport.sendMail({ from: mailFrom, to: [...to], ...message })
    },
    async webhook(url, body) {
      const headers = { 'content-type': 'application/json' }
      const options = { method: 'POST', headers, body: JSON.stringify(body), timeoutMs: deliverWithinMs }
      const { status } = await http(url, options, AbortSignal.timeout(deliverWithinMs))
      if (status >= 400) throw new AppError('unavailable', `The webhook answered ${status}.`)
    },
    link: (execution) =>
      publicUrl === undefined ? undefined : `${publicUrl.replace(/\/$/, '')}/executions/${execution}`,
    close: () => transport?.close(),
  }
}
