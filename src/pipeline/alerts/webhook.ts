import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { reveal } from '../../config/secret.ts';
import type { AlertSettings } from '../../config/types.ts';
import { WharfError } from '../../errors.ts';
import type { Message } from './message.ts';

type Webhook = NonNullable<AlertSettings['webhook']>;

/** Addresses that belong to this machine, its network or nobody: a name must not lead an alert there unless somebody allowed it. */
const inner = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inner.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
] as const)
  inner.addSubnet(net, prefix, 'ipv6');

/** Whether an address is none of the public Internet. */
export function isInner(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isInner(mapped);
  // An IPv4 address in IPv6 of another spelling is refused as well.
  if (/^::ffff:/i.test(address)) return true;
  const version = isIP(address);
  return version === 0 || inner.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Posts a message as JSON. `x-wharf-signature: t=<seconds>,v1=<hex>` holds the HMAC-SHA256 of `<seconds>.<body>` under the secret, so that the receiver
 * knows that it is ours and when it was sent. Redirections are not followed. @throws WharfError ALERT_UNDELIVERED.
 */
export async function postWebhook(webhook: Webhook, message: Message, now: number): Promise<void> {
  const url = new URL(webhook.url);
  const body = JSON.stringify(message);
  const seconds = Math.floor(now / 1000);
  const signature = createHmac('sha256', reveal(webhook.secret)).update(`${seconds}.${body}`).digest('hex');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (!webhook.privateAddresses && isIP(literal) !== 0 && isInner(literal)) throw refused(url.hostname);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-wharf-signature': `t=${seconds},v1=${signature}` };
  const options = {
    method: 'POST',
    headers,
    agent: false,
    signal: AbortSignal.timeout(webhook.deadline),
    ...(webhook.privateAddresses ? {} : { lookup: publicOnly }),
  };
  const status = await new Promise<number>((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      response.resume();
      response.once('error', reject);
      resolve(response.statusCode ?? 0);
      // What it says is not wanted, however long it is.
      response.once('data', () => response.destroy());
    });
    sent.once('error', reject);
    sent.end(body);
  }).catch((error: unknown) => {
    if (error instanceof WharfError) throw error;
    throw new WharfError('ALERT_UNDELIVERED', `${url.host} did not answer: ${(error as Error).message}`, { cause: error, value: url.host });
  });
  if (status < 200 || status > 299) throw new WharfError('ALERT_UNDELIVERED', `${url.host} answered ${status}`, { value: String(status) });
}

/** Every address of the name must be public, and the one that is checked is the one that is connected to. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => isInner(address))) return callback(refused(hostname), '', 0);
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};

function refused(host: string): WharfError {
  return new WharfError('ALERT_UNDELIVERED', `${host} leads to a private address, and alerts.webhook.privateAddresses does not allow that`, { value: host });
}
