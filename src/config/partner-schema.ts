import { party } from '../canonical/common.ts';
import { z } from '../schema.ts';
import { channelSchema } from './channel-schema.ts';
import * as policy from './policy-schema.ts';
import * as report from './report-schema.ts';
import { date, identifier, identity, text, timezone } from './scalars.ts';

const identityEntry = z.strictObject({
  /** Their ISA identity; absent `ours`, the company's. */
  theirs: identity,
  ours: identity.optional(),
  /** GS02 and GS03 as they send them; absent, the ids of the interchange. */
  groupTheirs: text.optional(),
  groupOurs: text.optional(),
  /** Only for production or only for test interchanges; absent, as the partner's `usage` says. */
  usage: z.enum(['production', 'test']).optional(),
});

const inboundEntry = z.strictObject({
  mapping: text,
  /** Which file names it is for, where the content does not tell. */
  files: text.optional(),
  /** Only for interchanges of these versions (GS08 begins with one of them). */
  versions: z.array(text).min(1).optional(),
});

const outboundEntry = z.strictObject({
  mapping: text,
  /** The file's name; must hold {control} or {id}. */
  file: text,
  channel: identifier.optional(),
  /** Only for orders of these types (BEG02): SA, DS, … */
  orderTypes: z.array(text).min(1).optional(),
  /** GS08 for this document, where it differs from `x12.version`. */
  version: text.optional(),
});

const contact = z.strictObject({ name: text, for: text.optional(), email: text.optional(), phone: text.optional() });

const policies = {
  x12: policy.x12.prefault({}),
  acknowledgments: policy.acknowledgments.prefault({}),
  leniency: policy.leniency.prefault([]),
  guide: policy.guide.prefault([]),
  duplicates: policy.duplicates.prefault({}),
  missingOrder: policy.missingOrder.prefault({}),
  allocation: policy.allocation.prefault({}),
  prices: policy.prices.prefault({}),
  response: policy.response.prefault({}),
  shipNotice: policy.shipNotice.prefault({}),
  invoice: policy.invoice.prefault({}),
  orderStatus: report.orderStatus.prefault({}),
  stockStatus: report.stockStatus.prefault({}),
  advice: report.advice.prefault({}),
  routingRequest: report.routingRequest.prefault({}),
  returns: policy.returns.prefault({}),
  fines: policy.fines.prefault({}),
  lots: policy.lots.prefault({}),
  /** Whether what is reserved for their orders may ship; what a credit feed says comes first. */
  credit: z.enum(['ok', 'hold']).prefault('ok'),
  /** Who carries what, where the order does not say: the first rule that fits. */
  routing: policy.routing.prefault([]),
  /** Code tables by name, offered to mappings: code → code. */
  tables: z.record(text, z.record(z.string(), z.string())).prefault({}),
};

/** `defaults` of config/gateway.yaml: what every partner has unless its template or file says otherwise. */
export const partnerDefaults = z.strictObject(policies).partial();

/** partners/<id>.yaml over its template over the gateway's defaults. */
export const partnerSchema = z.strictObject({
  /** The same as the file's name. */
  id: identifier,
  name: text,
  /** The name of a file in partners/templates/. */
  extends: identifier.optional(),
  role: z.enum(['customer', 'warehouse', 'vendor', 'depositor']),
  /** Of their dates and hours; absent, the company's. */
  timezone: timezone.optional(),
  /** Dates on which nothing of a schedule of theirs happens. */
  holidays: z.array(date).prefault([]),
  /** Which interchanges are taken (ISA15), and what ours say; `both` sends production. */
  usage: z.enum(['production', 'test', 'both']).prefault('production'),
  contacts: z.array(contact).prefault([]),
  identities: z.array(identityEntry).prefault([]),
  channels: z.record(identifier, channelSchema),
  inbound: z.array(inboundEntry).prefault([]),
  outbound: z.array(outboundEntry).prefault([]),
  ...policies,
  /** The places they let us ship to, by their code; absent, any. */
  shipTos: z.record(text, z.strictObject(party.shape)).optional(),
  /** Who we are at the partner. */
  vendorNumber: text.optional(),
  warehouse: policy.warehouse.optional(),
  vendor: policy.vendor.optional(),
});

export type RawPartner = z.output<typeof partnerSchema>;
