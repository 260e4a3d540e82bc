import { party } from '../canonical/common.ts';
import { z } from '../schema.ts';
import { databaseSchema } from './database-schema.ts';
import { defaults } from './defaults.ts';
import { partnerDefaults } from './partner-schema.ts';
import { clock, count, duration, flag, identity, secret, size, text, timezone } from './scalars.ts';

const d = defaults;

const company = z.strictObject({
  name: text,
  /** ISA qualifier and id that partners know us by, unless their file says otherwise. */
  identity,
  address: z.strictObject(party.shape),
  timezone,
});

const limits = z.strictObject({
  /** The largest file that is taken in. */
  fileBytes: size.prefault(d.limits.fileBytes),
  segmentBytes: size.prefault(d.limits.segmentBytes),
  elementBytes: size.prefault(d.limits.elementBytes),
  /** The most segments of a transaction set, and how deep its HL levels may be nested. */
  documentSegments: count(1, 100_000_000).prefault(d.limits.documentSegments),
  levels: count(1, 1000).prefault(d.limits.levels),
  /** The largest transaction set; a larger one is rejected. Records of other formats have limits of their own. */
  documentBytes: size.prefault(d.limits.documentBytes),
  /** The most that one packed file may become. */
  unpackedBytes: size.prefault(d.limits.unpackedBytes),
  /** How many files one look at a channel takes. */
  filesPerPoll: count(1, 1_000_000).prefault(d.limits.filesPerPoll),
  /** With less room on the database's volume nothing is taken in: files stay with their partners until there is room again. */
  freeDisk: size.prefault(d.limits.freeDisk),
  /** With more files and documents waiting than this nothing is taken in until they are fewer. */
  backlog: count(1, 100_000_000).prefault(d.limits.backlog),
  /** The same for one partner: what it has above this stops it alone, and does not count for the others. */
  partnerBacklog: count(1, 100_000_000).prefault(d.limits.partnerBacklog),
  /** The same for the bytes of the files that wait. */
  backlogBytes: size.prefault(d.limits.backlogBytes),
});

const intervals = z.strictObject({
  /** Between two looks at a channel. */
  poll: duration.prefault(d.intervals.poll),
  /** How long a file must stay unchanged before it is taken. */
  quiet: duration.prefault(d.intervals.quiet),
  /** Between two looks at an empty queue. */
  idle: duration.prefault(d.intervals.idle),
  /** How long a claim on a row holds without a sign of life. */
  claim: duration.prefault(d.intervals.claim),
  /** Between two looks for acknowledgments that are overdue. */
  acknowledgments: duration.prefault(d.intervals.acknowledgments),
  /** How long a stop waits for the work in hand. */
  drain: duration.prefault(d.intervals.drain),
  retryFirst: duration.prefault(d.intervals.retryFirst),
  retryLongest: duration.prefault(d.intervals.retryLongest),
  retryAttempts: count(1, 1000).prefault(d.intervals.retryAttempts),
});

/** Where alerts are told. Without a webhook or e-mail they only show in `wharf alerts`. */
const alerts = z.strictObject({
  /** Between two looks for what needs an alert. */
  interval: duration.prefault(d.alerts.interval),
  /** How long something must last before it is told, and be over before that is told: what comes and goes is not told at all. */
  settle: duration.prefault(d.alerts.settle),
  /** Files, documents and outgoing files that wait for longer are a backlog. */
  stuckAfter: duration.prefault(d.alerts.stuckAfter),
  /** The least time without a file before the silence of a partner is told; more where the partner's own weeks say so. */
  quietFor: duration.prefault(d.alerts.quietFor),
  /** How long a location may not say what it has (846, 947, 944 or an import) before that is told. */
  stockSilence: duration.prefault(d.alerts.stockSilence),
  /** When the ledger is balanced each day, in the company's time zone: what does not agree, and stock that drifted, is an alert. */
  balanceAt: clock.prefault(d.alerts.balanceAt),
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }),
      /** Signs what is sent, so that the receiver knows it is ours. */
      secret,
      /** Allows an address of a private network or of this machine. */
      privateAddresses: flag.prefault('false'),
      deadline: duration.prefault(d.alerts.deadline),
    })
    .optional(),
  email: z
    .strictObject({
      host: text,
      port: count(1, 65_535).prefault(d.alerts.smtpPort),
      /** `starttls` begins in clear and refuses to go on without TLS; `none` is for a relay on this machine. */
      tls: z.enum(['starttls', 'always', 'none']).prefault('starttls'),
      username: text.optional(),
      password: secret.optional(),
      from: text,
      to: z.array(text).min(1, 'names nobody'),
      deadline: duration.prefault(d.alerts.deadline),
    })
    .optional(),
});

/** config/gateway.yaml */
export const gatewaySchema = z.strictObject({
  company,
  database: databaseSchema,
  partners: text.prefault('../partners'),
  mappings: text.prefault('../mappings'),
  limits: limits.prefault({}),
  intervals: intervals.prefault({}),
  alerts: alerts.prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).prefault(d.log.level) }).prefault({}),
  /** What holds for every partner whose file and template do not say otherwise. */
  defaults: partnerDefaults.optional(),
});

export type Gateway = z.output<typeof gatewaySchema>;
export type Company = Gateway['company'];
export type DatabaseSettings = Gateway['database'];
export type Limits = Gateway['limits'];
export type AlertSettings = Gateway['alerts'];
export type Intervals = Gateway['intervals'];
