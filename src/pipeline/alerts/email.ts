import { createTransport } from 'nodemailer';
import { reveal, type Secret } from '../../config/secret.ts';
import { WharfError } from '../../errors.ts';
import { type Message, textOf } from './message.ts';

export type Email = {
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'always' | 'none';
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  readonly from: string;
  readonly to: readonly string[];
  /** Milliseconds for each of its steps. */
  readonly deadline: number;
};

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
