import { z } from '../schema.ts';
import { defaults } from './defaults.ts';
import { count, flag, secret, text } from './scalars.ts';

const d = defaults.mssql;

/** Of the embedded database: its file, beside which the log, the lock of the daemon and the folders of the sample company lie. */
const sqlite = z.strictObject({ type: z.literal('sqlite'), file: text });

/** How the gateway proves to SQL Server who it is. Everything but the first two is Microsoft Entra. */
const login = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sql'), user: text, password: secret }),
  /** A domain account, over NTLM. */
  z.strictObject({ type: z.literal('windows'), domain: text, user: text, password: secret }),
  z.strictObject({ type: z.literal('entra-password'), user: text, password: secret, clientId: text, tenantId: text }),
  z.strictObject({ type: z.literal('entra-service-principal'), clientId: text, clientSecret: secret, tenantId: text }),
  /** The identity of the Azure machine or App Service that Wharf runs on. */
  z.strictObject({ type: z.literal('entra-managed-identity'), clientId: text.optional(), host: z.enum(['vm', 'app-service']).prefault('vm') }),
  /** Whatever Azure's own library finds: environment, workload identity, managed identity, the signed-in user. */
  z.strictObject({ type: z.literal('entra-default'), clientId: text.optional() }),
]);

const mssql = z.strictObject({
  type: z.literal('mssql'),
  server: text,
  port: count(1, 65_535).prefault(d.port),
  /** A named instance in place of the port, found through the SQL Server Browser. */
  instance: text.optional(),
  database: text,
  /** Where the tables stand. */
  schema: z
    .string('is not a text')
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is not a plain name of letters, digits and underscores')
    .prefault(d.schema),
  login,
  encrypt: flag.prefault(d.encrypt),
  /** Takes any certificate: for a server on this machine only. */
  trustServerCertificate: flag.prefault(d.trustServerCertificate),
  /** A file of certificates (PEM) to trust, where the server's is not signed by a public authority. */
  certificateAuthority: text.optional(),
  /** The name in the certificate, where it is not that of `server`. */
  certificateName: text.optional(),
  /** Most connections of one daemon. */
  connections: count(2, 1000).prefault(d.connections),
});

/** `database` of config/gateway.yaml */
export const databaseSchema = z.discriminatedUnion('type', [sqlite, mssql]);
