import { createTransport } from 'nodemailer';
import { reveal } from '../../config/secret.ts';
import type { AlertSettings } from '../../config/types.ts';
import { WharfError } from '../../errors.ts';
import { type Message, textOf } from './message.ts';

type Email = NonNullable<AlertSettings['email']>;

/** Sends a message by SMTP, over TLS unless told otherwise, with the server's certificate checked. @throws WharfError ALERT_UNDELIVERED. */
export async function sendEmail(email: Email, message: Message): Promise<void> {
  const { host, port, tls, username, password, deadline } = email;
  const transport = createTransport({
    host,
    port,
    secure: tls === 'always',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: deadline,
    greetingTimeout: deadline,
    socketTimeout: deadline,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username !== undefined && password ? { auth: { user: username, pass: reveal(password) } } : {}),
  });
  try {
    await transport.sendMail({ from: email.from, to: [...email.to], ...textOf(message) });
  } catch (error) {
    throw new WharfError('ALERT_UNDELIVERED', `${host}:${port} did not take it: ${(error as Error).message}`, { cause: error, value: host });
  } finally {
    transport.close();
  }
}
