/** YAML that a person goes on editing: short maps on one line, text in quotation marks only where it must be. */

/** How a partner file tells editors which schema it keeps to. */
export const SCHEMA_LINE = '# yaml-language-server: $schema=../config/schema/partner.json';

/** A scalar as it stands in a flow or block map. */
export function yamlText(value: string): string {
  const plain = /^[A-Za-z][A-Za-z0-9 ._/-]*$/.test(value) && !value.endsWith(' ') && !/^(true|false|null|yes|no|on|off)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

/** `{ theirs: ZZ/ACME, ours: ZZ/US }`; what is undefined is left out. */
export function yamlMap(members: Readonly<Record<string, string | undefined>>): string {
  const shown = Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [`${yamlKey(key)}: ${yamlText(value)}`]));
  return shown.length === 0 ? '{}' : `{ ${shown.join(', ')} }`;
}

/** A key: codes of digits in quotation marks, so that a reader sees that zeros count. */
export function yamlKey(key: string): string {
  return /^[A-Za-z@][A-Za-z0-9_-]*$/.test(key) && !key.startsWith('@') ? key : JSON.stringify(key);
}

/** `dogwood-sports` → `Dogwood sports` */
export function nameOf(id: string): string {
  const words = id.replaceAll(/[-_]/g, ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
