import { reveal } from '../config/secret.ts';
import type { DatabaseSettings as Configured } from '../config/types.ts';
import type { DatabaseSettings } from '../store/database.ts';
import type { MssqlLogin } from '../store/mssql-login.ts';

/** The settings of the store with its secrets in clear, for the one moment in which the database is opened. */
export function databaseSettings(configured: Configured): DatabaseSettings {
  return configured.type === 'sqlite' ? configured : { ...configured, login: loginOf(configured.login) };
}

function loginOf(login: Extract<Configured, { type: 'mssql' }>['login']): MssqlLogin {
  if ('password' in login) return { ...login, password: reveal(login.password) };
  if ('clientSecret' in login) return { ...login, clientSecret: reveal(login.clientSecret) };
  return login;
}
