import type { ErrorCode, Place } from '../errors.ts';
import type { Mapping } from '../mapping/types.ts';
import type { Channel } from './channel-schema.ts';
import type { AlertSettings, Company, DatabaseSettings, Intervals, Limits } from './gateway-schema.ts';
import type { RawPartner } from './partner-schema.ts';

export type { Channel } from './channel-schema.ts';
export type { AlertSettings, Company, DatabaseSettings, Intervals, Limits } from './gateway-schema.ts';

/** Something wrong with the configuration, or worth saying about it. */
export type Problem = {
  readonly place: Place;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  /** A warning does not stop the configuration from being used. */
  readonly severity: 'error' | 'warning';
};

/** An interchange identity: ISA05/06 or ISA07/08, without padding. */
export type Identity = { readonly qualifier: string; readonly id: string };

/** A pair of identities under which a partner and we exchange X12, with nothing left open. */
export type IdentityPair = {
  readonly theirs: Identity;
  readonly ours: Identity;
  readonly groupTheirs: string;
  readonly groupOurs: string;
  readonly usage: 'production' | 'test' | undefined;
};

export type InboundEntry = RawPartner['inbound'][number];
export type OutboundEntry = RawPartner['outbound'][number];

/** One partner: its file over its template over the gateway's defaults over the built-in ones. Durations are milliseconds, sizes bytes, amounts `Decimal`. */
export type Partner = Omit<RawPartner, 'identities' | 'channels' | 'extends' | 'timezone'> & {
  readonly timezone: string;
  readonly identities: readonly IdentityPair[];
  readonly channels: readonly Channel[];
};

/** A compiled mapping, the file it stands in, and the SHA-256 (hex) of its sources: its own file and the one it extends. */
export type ConfiguredMapping = Mapping & { readonly file: string; readonly hash: string };

/** The whole configuration, deeply frozen. */
export type Config = {
  /** The absolute path of gateway.yaml. */
  readonly file: string;
  /** SHA-256 (hex) of every file it was made of. */
  readonly hash: string;
  readonly company: Company;
  readonly database: DatabaseSettings;
  readonly limits: Limits;
  readonly intervals: Intervals;
  readonly alerts: AlertSettings;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
  readonly partners: ReadonlyMap<string, Partner>;
  readonly mappings: ReadonlyMap<string, ConfiguredMapping>;
};
