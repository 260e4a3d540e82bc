import type { Checked } from './check.ts';
import { locations, outboundChannel } from './find-partner.ts';
import { locateInLayers } from './layers.ts';
import type { LayeredPartner } from './load.ts';
import { nameTemplateProblem } from './name-template.ts';
import { lacks } from './prune.ts';
import { didYouMean } from './suggest.ts';
import type { ConfiguredMapping, Partner, Problem } from './types.ts';
import { problem } from './yaml.ts';
import type { Path } from './yaml.ts';

type Report = (path: Path, code: Problem['code'], message: string, remedy?: string) => void;
type At = Checked & { readonly partner: Partner; readonly report: Report; readonly lost: readonly Path[] };

/** Whether one partner's settings fit each other and what is there. What is missing only because it is wrong is not told again. */
export function checkPartner({ partner, layers, lost }: LayeredPartner, checked: Checked): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, code, message, remedy) => void problems.push(problem(locateInLayers(layers, path), code, message, remedy ? { remedy } : {}));
  for (const check of checks) check({ ...checked, partner, report, lost });
  return problems;
}

const checks: readonly ((at: At) => void)[] = [checkRole, checkInbound, checkOutbound, checkAcknowledgments, checkX12, checkDelimiters, checkAllocation];

function checkRole({ partner, report, lost }: At): void {
  if (lacks(lost, ['role'])) return;
  for (const role of ['warehouse', 'vendor'] as const) {
    if (lacks(lost, [role])) continue;
    if (partner.role === role && !partner[role])
      report(['role'], 'CONFIG_MISSING', `a partner with role ${role} needs the section ${role}`, `Add ${role}: { code: … }`);
    if (partner.role !== role && partner[role]) {
      report([role], 'CONFIG_CONFLICT', `a partner with role ${partner.role} has no section ${role}`, `Remove it, or set role: ${role}`);
    }
  }
}

function checkInbound(at: At): void {
  const { partner, report, lost } = at;
  if (partner.inbound.length > 0 && !lacks(lost, ['channels'], 1) && !partner.channels.some((channel) => channel.direction === 'in')) {
    report(['inbound'], 'CONFIG_MISSING', 'documents come in, but no channel does', 'Add a channel whose name begins with in');
  }
  const seen = new Map<string, number>();
  for (const [index, entry] of partner.inbound.entries()) {
    const path = ['inbound', index, 'mapping'];
    const mapping = mappingOf(entry.mapping, 'in', path, at);
    if (!mapping || lacks(lost, ['inbound'])) continue;
    const key = JSON.stringify([mapping.side.format, mapping.side.options['set'] ?? '', entry.files ?? '', entry.versions ?? '']);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index);
    else {
      const message = `${entry.mapping} is never reached: inbound[${earlier + 1}] takes the same documents`;
      report(path, 'CONFIG_CONFLICT', message, 'Remove one, or tell them apart with `files` or `versions`');
    }
  }
}

function checkOutbound(at: At): void {
  const { partner, report } = at;
  for (const [index, entry] of partner.outbound.entries()) {
    const path = ['outbound', index];
    const mapping = mappingOf(entry.mapping, 'out', [...path, 'mapping'], at);
    checkName(entry.file, [...path, 'file'], report);
    checkOutChannel({ name: entry.channel, what: entry.mapping }, path, at);
    if (mapping) checkSentOnce(index, mapping, at);
  }
}

/** Nobody wants one document twice in one folder, which is what an entry without `orderTypes` beside one with them comes to. */
function checkSentOnce(index: number, mapping: ConfiguredMapping, { partner, config, report, lost }: At): void {
  if (lacks(lost, ['outbound']) || lacks(lost, ['channels'], 1)) return;
  const entry = partner.outbound[index]!;
  for (const [at, earlier] of partner.outbound.slice(0, index).entries()) {
    const other = config.mappings.get(earlier.mapping);
    if (other?.direction !== 'out' || other.document !== mapping.document || other.side.format !== mapping.side.format) continue;
    if (outboundChannel(partner, earlier.channel) !== outboundChannel(partner, entry.channel)) continue;
    const both =
      entry.orderTypes && earlier.orderTypes ? entry.orderTypes.filter((type) => earlier.orderTypes!.includes(type)) : (entry.orderTypes ?? earlier.orderTypes);
    if (both?.length === 0) continue;
    const which = both ? `orders of type ${both.join(', ')}` : 'every order';
    const message = `${entry.mapping} and outbound[${at + 1}], ${earlier.mapping}, are both sent for ${which}`;
    report(['outbound', index], 'CONFIG_CONFLICT', message, 'Remove one, or give each `orderTypes` of its own, or a channel of its own');
  }
}

function checkAcknowledgments(at: At): void {
  const { partner, report } = at;
  checkName(partner.acknowledgments.file, ['acknowledgments', 'file'], report);
  const { kind, channel } = partner.acknowledgments;
  const answers = kind !== 'none' && inboundFormats(at).includes('x12');
  if (answers || channel !== undefined) checkOutChannel({ name: channel, what: `the ${kind}` }, ['acknowledgments'], at);
}

function checkX12(at: At): void {
  const { partner, config, report, lost } = at;
  if (partner.identities.length > 0 || lacks(lost, ['identities'])) return;
  const outbound = partner.outbound.map((entry) => config.mappings.get(entry.mapping)?.side.format);
  if (![...inboundFormats(at), ...outbound].includes('x12')) return;
  report(['identities'], 'CONFIG_MISSING', 'X12 is exchanged, but identities is missing', 'Add identities: [{ theirs: ZZ/THEIR-ID }]');
}

function checkDelimiters({ partner, report, lost }: At): void {
  if (lacks(lost, ['x12', 'delimiters'])) return;
  const { newline: _newline, ...delimiters } = partner.x12.delimiters;
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(delimiters)) {
    const other = seen.get(value);
    const path = ['x12', 'delimiters', name];
    if (other !== undefined) report(path, 'CONFIG_CONFLICT', `x12.delimiters.${name}: ${JSON.stringify(value)} is the ${other} delimiter too`);
    if (/[\p{L}\p{N} ]/u.test(value)) report(path, 'CONFIG_VALUE', `x12.delimiters.${name}: ${JSON.stringify(value)} occurs in data`);
    seen.set(value, name);
  }
}

function checkAllocation({ partner, config, partners, sources, report, lost: own }: At): void {
  const codes = locations(config);
  const unknown = [...partners.values()].some(({ lost }) => lacks(lost, ['warehouse'], 1) || lacks(lost, ['vendor'], 1));
  // While a location is unreadable, nobody knows its code.
  if (unknown || sources.broken.partners.length > 0 || lacks(own, ['allocation', 'warehouses'])) return;
  for (const [index, code] of (partner.allocation.warehouses ?? []).entries()) {
    if (codes.has(code)) continue;
    report(
      ['allocation', 'warehouses', index],
      'CONFIG_REFERENCE',
      `there is no location ${code}${didYouMean(code, codes.keys())}`,
      'Use the `code` of a warehouse or vendor',
    );
  }
}

function mappingOf(name: string, direction: 'in' | 'out', path: Path, { config, sources, report }: At): ConfiguredMapping | undefined {
  const mapping = config.mappings.get(name);
  if (mapping?.direction === direction) return mapping;
  if (mapping) report(path, 'CONFIG_REFERENCE', `the mapping ${name} is for the other direction (${mapping.direction})`);
  else if (!sources.mappings.has(name) && !sources.broken.mappings.includes(name))
    report(path, 'CONFIG_REFERENCE', `there is no mapping ${name}${didYouMean(name, sources.mappings.keys())}`);
  return undefined;
}

function checkName(template: string, path: Path, report: Report): void {
  const fault = nameTemplateProblem(template);
  if (fault !== undefined) report(path, 'CONFIG_VALUE', `the file name ${JSON.stringify(template)} ${fault}`);
}

function checkOutChannel(wanted: { readonly name: string | undefined; readonly what: string }, path: Path, { partner, report, lost }: At): void {
  const { name, what } = wanted;
  if (outboundChannel(partner, name) || lacks(lost, ['channels'], 1) || lacks(lost, path.slice(0, 1))) return;
  const known = partner.channels.filter((channel) => channel.direction === 'out').map((channel) => channel.name);
  const remedy = known.length === 0 ? 'Add a channel whose name begins with out' : `Name one of: ${known.join(', ')}`;
  const message = name === undefined ? `it is not clear which channel ${what} leaves by` : `there is no outbound channel ${name}${didYouMean(name, known)}`;
  report(name === undefined ? path : [...path, 'channel'], 'CONFIG_REFERENCE', message, remedy);
}

function inboundFormats({ partner, config }: At): readonly string[] {
  return partner.inbound.flatMap((entry) => config.mappings.get(entry.mapping)?.side.format ?? []);
}
