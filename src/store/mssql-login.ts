import { readFileSync } from 'node:fs';
import { WharfError } from '../errors.ts';

/** How the gateway proves who it is. Secrets are in clear here, for the moment in which the database is opened. */
export type MssqlLogin =
  | { readonly type: 'sql'; readonly user: string; readonly password: string }
  /** A domain account, over NTLM. */
  | { readonly type: 'windows'; readonly domain: string; readonly user: string; readonly password: string }
  | { readonly type: 'entra-password'; readonly user: string; readonly password: string; readonly clientId: string; readonly tenantId: string }
  | { readonly type: 'entra-service-principal'; readonly clientId: string; readonly clientSecret: string; readonly tenantId: string }
  /** The identity of an Azure machine, or of an App Service. */
  | { readonly type: 'entra-managed-identity'; readonly clientId?: string | undefined; readonly host: 'vm' | 'app-service' }
  /** Whatever Azure's own library finds: environment, workload identity, managed identity, the signed-in user. */
  | { readonly type: 'entra-default'; readonly clientId?: string | undefined };

export type MssqlSettings = {
  readonly type: 'mssql';
  readonly server: string;
  readonly port?: number | undefined;
  /** A named instance, found through the SQL Server Browser in place of a port. */
  readonly instance?: string | undefined;
  readonly database: string;
  /** Where Wharf's tables stand; `wharf` unless told otherwise. */
  readonly schema?: string | undefined;
  readonly login: MssqlLogin;
  /** On unless switched off. */
  readonly encrypt?: boolean | undefined;
  readonly trustServerCertificate?: boolean | undefined;
  /** A file of certificates (PEM) to trust, where the server's is not signed by a public authority. */
  readonly certificateAuthority?: string | undefined;
  /** The name that the certificate must carry, where it is not that of `server`. */
  readonly certificateName?: string | undefined;
  /** Most connections of this process. */
  readonly connections?: number | undefined;
};

/** The settings as knex's client takes them. @throws WharfError DATABASE_UNAVAILABLE when the file of certificates cannot be read. */
export function connectionOf(settings: MssqlSettings): object {
  const { server, port = 1433, instance, database, encrypt = true, trustServerCertificate = false, certificateAuthority, certificateName } = settings;
  const options = {
    trustServerCertificate,
    useUTC: true,
    appName: 'wharf',
    encrypt,
    ...(instance === undefined ? {} : { instanceName: instance }),
    ...(certificateName === undefined ? {} : { serverName: certificateName }),
    ...(certificateAuthority === undefined ? {} : { cryptoCredentialsDetails: { ca: readCertificates(certificateAuthority) } }),
  };
  return { server, port, database, encrypt, requestTimeout: 60_000, ...loginOf(settings.login), options };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WharfError('DATABASE_UNAVAILABLE', `the certificates ${file} cannot be read`, { place: { file }, cause: error });
  }
}

function loginOf(login: MssqlLogin): object {
  switch (login.type) {
    case 'sql':
      return { type: 'default', user: login.user, password: login.password };
    case 'windows':
      return { type: 'ntlm', domain: login.domain, user: login.user, password: login.password };
    case 'entra-password':
      return { type: 'azure-active-directory-password', user: login.user, password: login.password, clientId: login.clientId, tenantId: login.tenantId };
    case 'entra-service-principal':
      return { type: 'azure-active-directory-service-principal-secret', clientId: login.clientId, clientSecret: login.clientSecret, tenantId: login.tenantId };
    case 'entra-managed-identity':
      return { type: `azure-active-directory-msi-${login.host}`, ...(login.clientId === undefined ? {} : { clientId: login.clientId }) };
    case 'entra-default':
      return { type: 'azure-active-directory-default', ...(login.clientId === undefined ? {} : { clientId: login.clientId }) };
  }
}
