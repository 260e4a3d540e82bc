import { encodingNamed } from '../formats/decode.ts';
import { z } from '../schema.ts';
import { defaults } from './defaults.ts';
import { scheduleOf } from './schedule.ts';
import { clock, count, duration, flag, secret, size, text } from './scalars.ts';

const days = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** A private PGP key of ours. */
const privateKey = z.strictObject({ privateKey: secret, passphrase: secret.optional() });

/** Armoured OpenPGP keys, public ones too, each a file of the secrets folder. */
const pgp = z
  .strictObject({
    /** In: what files are encrypted to; several, so that a key can be changed without a gap. */
    decrypt: z.array(privateKey).min(1).max(4).optional(),
    /** In: whose signature a file must have; absent, none is asked for. */
    verify: z.array(secret).min(1).max(4).optional(),
    /** Out: what files are signed with. */
    sign: privateKey.optional(),
    /** Out: whom files are encrypted to. */
    encrypt: z.array(secret).min(1).max(4).optional(),
    /** Out: as text instead of bytes. */
    armor: flag.prefault('false'),
  })
  .refine(({ decrypt, verify, sign, encrypt }) => decrypt ?? verify ?? sign ?? encrypt, 'names no key');

const common = {
  /** `in` or `out`; where absent, the beginning of the channel's name says it. */
  direction: z.enum(['in', 'out']).optional(),
  directory: text,
  /** In: which names are taken, with `*`, `?` and `[a-z]`. */
  pattern: text.prefault(defaults.channel.pattern),
  /** In: names that mark a file as not complete, besides the usual ones. */
  temporary: z.array(text).optional(),
  /** In: a file is complete when one of its name plus this ending is there, `.done`. Out: with `rename: none`. */
  sentinel: text.optional(),
  /** In: the folder beside the directory that a file goes to once it is stored; absent, it is deleted. */
  moveTo: text.optional(),
  /** In: what the files are, where looking at them does not tell. */
  format: z.enum(['x12', 'csv', 'xml', 'json', 'fixed']).optional(),
  /** Where it is not what the mapping says, or what X12 files show by themselves. Out, X12 is UTF-8 unless this says otherwise. */
  encoding: z.string().refine(isEncoding, 'is not an encoding known here').optional(),
  /** The files are packed: in, they are unpacked; out, packed. An archive that comes in may hold several files. */
  compression: z.enum(['gzip', 'zip']).optional(),
  /** The files are encrypted or signed, around what `compression` says. */
  pgp: pgp.optional(),
  maxBytes: size.optional(),
  quiet: duration.optional(),
  poll: duration.optional(),
  /** When the channel is used, in the partner's time zone: `0 6,18 * * mon-fri`. Absent, at every `poll`, or as soon as there is something to send. */
  schedule: z
    .array(text.refine((value) => scheduleOf(value) !== undefined, 'is not a schedule such as 0 6,18 * * mon-fri'))
    .min(1)
    .optional(),
  /** Hours in which the channel rests, in the partner's time zone. `to` may be the next day. */
  closed: z.array(z.strictObject({ from: clock, to: clock, days: z.array(days).min(1).optional() })).optional(),
};

function isEncoding(name: string): boolean {
  return encodingNamed(name) !== undefined || name === 'ebcdic';
}

const folder = z.strictObject({ type: z.literal('folder'), ...common });

/** A password, or a key that may have a passphrase. */
const login = z
  .strictObject({ password: secret.optional(), privateKey: secret.optional(), passphrase: secret.optional() })
  .refine((value) => (value.password === undefined) !== (value.privateKey === undefined), 'must hold either a password or a privateKey')
  .refine((value) => value.passphrase === undefined || value.privateKey !== undefined, 'holds a passphrase without a privateKey');

const sftp = z.strictObject({
  type: z.literal('sftp'),
  ...common,
  host: text,
  port: count(1, 65_535).prefault(defaults.sftp.port),
  username: text,
  /** Tried in order, so that a key can be changed without a gap. */
  auth: z.array(login).min(1, 'names no way to log in').max(4),
  /** Fingerprints of the server as `ssh-keygen -lf` shows them; any other server is refused. */
  hostKeys: z.array(z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'is not a fingerprint such as SHA256:… (43 characters)')).min(1, 'names no host key'),
  /** Longest wait for a connection, and for one operation on it. */
  connect: duration.prefault(defaults.sftp.connect),
  operation: duration.prefault(defaults.sftp.operation),
  /**
   * Out: how a file gets its name. `normal`: by a rename that refuses to replace. `posix`: by one that replaces. `none`: it is written under its final name,
   * for servers that let nobody rename; with `sentinel: .done` a file `a.edi.done` then says that it is whole.
   */
  rename: z.enum(['normal', 'posix', 'none']).prefault('normal'),
  /** Out: how an upload is checked: by asking its size, or by reading it back. */
  verify: z.enum(['size', 'hash']).prefault('size'),
  /** Allows algorithms that are no longer thought safe, for old servers. */
  legacyAlgorithms: flag.prefault('false'),
});

export const channelSchema = z.discriminatedUnion('type', [folder, sftp]);
type Raw = z.output<typeof channelSchema>;
type Known = {
  /** The name in the partner file. */
  readonly name: string;
  readonly direction: 'in' | 'out';
  /** Milliseconds. */
  readonly quiet: number;
  readonly poll: number;
  readonly maxBytes: number;
};

/** A channel with every default filled in; the directory of a folder is absolute. */
export type Channel = (Omit<Extract<Raw, { type: 'folder' }>, keyof Known> & Known) | (Omit<Extract<Raw, { type: 'sftp' }>, keyof Known> & Known);
