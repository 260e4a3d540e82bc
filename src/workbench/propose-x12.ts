import { partnerByIdentity } from '../config/find-partner.ts';
import { memberOf, textOf } from '../config/plain.ts';
import type { Sources } from '../config/sources.ts';
import type { Config } from '../config/types.ts';
import { readX12Sync } from '../formats/x12/read.ts';
import type { GroupHeader, InterchangeHeader, TransactionSet } from '../formats/x12/types.ts';
import type { Node } from '../tree.ts';
import { childrenNamed, fieldText } from '../tree.ts';
import type { Fit } from './nearest-mapping.ts';
import { bestFit, fitOf, inboundMappings } from './nearest-mapping.ts';
import type { Proposal, Wanted } from './propose.ts';
import type { Unread } from './watch-reads.ts';
import { nameOf, SCHEMA_LINE, yamlKey, yamlMap, yamlText } from './yaml-text.ts';

/** The template for a partner who sends us this set. */
const templates: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['850', '860', '875', '876'].map((set) => [set, 'retailer'])),
  ...Object.fromEntries(['855', '856', '810', '865'].map((set) => [set, 'vendor'])),
  ...Object.fromEntries(['945', '944', '947', '846'].map((set) => [set, 'warehouse'])),
  ...Object.fromEntries(['940', '943'].map((set) => [set, 'depositor'])),
};

type Sample = { readonly header: InterchangeHeader; readonly group: GroupHeader | undefined; readonly sets: readonly TransactionSet[] };

/** Proposes a partner who speaks X12 from an interchange of theirs. */
export function proposeX12(config: Config, sources: Sources, wanted: Wanted, bytes: Uint8Array): Proposal {
  const events = readX12Sync(bytes);
  const header = events.find((event) => event.kind === 'interchange')!.interchange;
  const group = events.find((event) => event.kind === 'group')?.group;
  const sample: Sample = { header, group, sets: events.flatMap((event) => (event.kind === 'set' ? [event.set] : [])) };
  const types = [...new Set(sample.sets.map(({ type }) => type))].filter((type) => type !== '997' && type !== '999');
  const fits = types.map((type) => ({ type, fit: fitFor(config, sources, wanted.id, sample, type) }));
  const template = wanted.template ?? types.flatMap((type) => templates[type] ?? []).find((name) => sources.templates.has(name));
  const extensions = fits.flatMap(({ type, fit }) => (fit && fit.unread.length > 0 ? [extension(wanted.id, type, fit)] : []));
  const inbound = fits.flatMap(({ type, fit }) => extensions.find(({ set }) => set === type)?.name ?? fit?.mapping.name ?? []);
  const lines = [
    SCHEMA_LINE,
    `id: ${wanted.id}`,
    `name: ${yamlText(partyName(sample) ?? nameOf(wanted.id))}`,
    ...(template ? [`extends: ${template}`] : ['role: customer', ...channels(wanted.id)]),
    ...(header.usage === 'T' ? ['usage: test                      # ISA15 of the sample; production when it goes live'] : []),
    ...identityLines(config, sample),
    ...vendorLine(sample),
    ...writingLines(sample, template === undefined ? undefined : sources.templates.get(template)?.content),
    ...inboundLines(inbound, template === undefined ? undefined : sources.templates.get(template)?.content, config),
    ...leniencyLines(sample),
    ...shipToLines(sample),
  ];
  return {
    partner: `${lines.join('\n')}\n`,
    mappings: extensions.map(({ name, text }) => ({ name, text })),
    seen: seenIn(sample),
    open: openPoints(config, sample, fits),
  };
}

function fitFor(config: Config, sources: Sources, id: string, { sets, header, group }: Sample, type: string): Fit | undefined {
  const trees = sets.filter((set) => set.type === type).map((set) => set.tree);
  const variables = { partner: id, sender: header.sender.id, receiver: header.receiver.id, control: header.control, groupDate: group?.date ?? '' };
  const known = inboundMappings(config, sources, ({ side }) => side.format === 'x12' && side.options['set'] === type);
  return bestFit(known.map((each) => fitOf(each, trees, variables)));
}

function identityLines(config: Config, { header, group }: Sample): readonly string[] {
  const show = ({ qualifier, id }: { readonly qualifier: string; readonly id: string }): string => `${qualifier}/${id}`;
  const ours = show(header.receiver) === show(config.company.identity) ? undefined : show(header.receiver);
  const groupIds = group && (group.sender !== header.sender.id || group.receiver !== header.receiver.id);
  const pair = { theirs: show(header.sender), ours, groupTheirs: groupIds ? group.sender : undefined, groupOurs: groupIds ? group.receiver : undefined };
  return ['identities:', `  - ${yamlMap(pair)}${ours ? '      # not the identity of the company: is it right?' : ''}`];
}

function vendorLine({ sets }: Sample): readonly string[] {
  const number = sets.flatMap(({ tree }) => segmentsNamed(tree, 'REF')).find((ref) => ['IA', 'VR'].includes(element(ref, 1)));
  return number ? [`vendorNumber: ${JSON.stringify(element(number, 2))}`] : [];
}

/** How we write to them is proposed as they write to us, where it is not what the template says. */
function writingLines({ header, group }: Sample, template: unknown): readonly string[] {
  // A sample whose delimiters cannot be told has no version either.
  const version = /^\d{6}[A-Z0-9]{0,6}$/.exec(group?.version ?? '')?.[0];
  const differs = version !== undefined && version !== (textOf(memberOf(template, 'x12'), 'version') ?? '004010');
  const { element: e, component, repetition, segment } = header.delimiters;
  const usual = e === '*' && component === '>' && segment === '~';
  if (!differs && usual) return [];
  const delimiters = yamlMap({ element: e, component: component || undefined, repetition: repetition || undefined, segment: segment || undefined });
  return ['x12:', ...(differs ? [`  version: ${JSON.stringify(version)}`] : []), ...(usual ? [] : [`  delimiters: ${delimiters}`])];
}

/** A list replaces that of the template, so all of it has to be said as soon as something differs. */
function inboundLines(wanted: readonly string[], template: unknown, config: Config): readonly string[] {
  const listed = memberOf(template, 'inbound');
  const given = Array.isArray(listed) ? listed.flatMap((entry) => textOf(entry, 'mapping') ?? []) : [];
  if (wanted.every((name) => given.includes(name))) return [];
  const sets = new Set(wanted.map((name) => setOf(config, name)));
  const kept = given.filter((name) => !sets.has(setOf(config, name)));
  return ['inbound:', ...[...wanted, ...kept].map((mapping) => `  - { mapping: ${mapping} }`)];
}

/** `dogwood/850` is not there yet: its set is in its name. */
function setOf(config: Config, mapping: string): string {
  return String(config.mappings.get(mapping)?.side.options['set'] ?? mapping.split('/').at(-1));
}

function extension(id: string, set: string, { mapping, unread }: Fit): { readonly set: string; readonly name: string; readonly text: string } {
  const lines = [
    `# ${set} of ${id}: what differs from ${mapping.name}. \`wharf explain mapping ${id}/${set}\` shows the whole.`,
    `extends: ${mapping.name}`,
    `# No rule of ${mapping.name} reads these values of the sample. Give them a place under \`map\`, or leave them:`,
    ...unreadLines(unread).map((line) => `#   ${line}`),
  ];
  return { set, name: `${id}/${set}`, text: `${lines.join('\n')}\n` };
}

/** Each element once, with the first value and place. */
export function unreadLines(unread: readonly Unread[]): readonly string[] {
  return [...Map.groupBy(unread, ({ path }) => path)].map(([path, [first, ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    const place = first!.segment === undefined ? (first!.line === undefined ? '' : ` (line ${first!.line})`) : ` (segment ${first!.segment})`;
    return `${path} ${JSON.stringify(first!.value)}${place}${more}`;
  });
}

function leniencyLines({ sets }: Sample): readonly string[] {
  const rejected = sets.filter(({ accepted }) => !accepted);
  const faults = rejected.flatMap(({ type, findings }) => findings.filter(({ severity }) => severity === 'error').map((finding) => ({ type, ...finding })));
  const rules = new Map(
    faults.map(({ type, code, segment, element: at, message }) => [
      `${type} ${code} ${segment} ${at}`,
      `  - { code: ${yamlText(code)}, set: ${JSON.stringify(type)}${at ? `, element: ${at}` : segment ? `, segment: ${segment}` : ''}, treat: warning }   # ${message}`,
    ]),
  );
  if (rules.size === 0) return [];
  return [
    '# The sample does not keep to the standard here. Without a line, such a set is rejected and the partner is told so in the 997.',
    'leniency:',
    ...rules.values(),
  ];
}

function shipToLines(sample: Sample): readonly string[] {
  const places = new Map(parties(sample, 'ST').map((party) => [element(party, 4), party]));
  places.delete('');
  if (places.size === 0) return [];
  const lines = [...places].map(([code, party]) => `#   ${yamlKey(code)}: ${yamlMap(addressOf(party))}`);
  return ['# Seen as ship-to. With this key only the places listed are taken:', '# shipTos:', ...lines];
}

function addressOf(party: Node): Readonly<Record<string, string | undefined>> {
  const [n3, n4] = [childrenNamed(party, 'N3')[0], childrenNamed(party, 'N4')[0]];
  const value = (node: Node | undefined, number: number): string | undefined => (node && element(node, number)) || undefined;
  return { name: value(party, 2), address: value(n3, 1), city: value(n4, 1), state: value(n4, 2), postalCode: value(n4, 3), country: value(n4, 4) };
}

function seenIn({ header, group, sets }: Sample): readonly string[] {
  const counts = [...Map.groupBy(sets, ({ type }) => type)].map(([type, list]) => `${list.length} × ${type}`);
  const codes = (segment: string, places: readonly number[]): string =>
    [...new Set(sets.flatMap(({ tree }) => segmentsNamed(tree, segment)).flatMap((node) => places.map((place) => element(node, place))))]
      .filter((code) => code !== '')
      .toSorted()
      .join(' ');
  const { element: e, component, repetition, segment } = header.delimiters;
  return [
    `X12 ${group?.version ?? header.version}, ${header.usage === 'T' ? 'test' : 'production'}, from ${header.sender.qualifier}/${header.sender.id} to ${header.receiver.qualifier}/${header.receiver.id}: ${counts.join(', ')}`,
    `delimiters: element ${JSON.stringify(e)}, component ${JSON.stringify(component)}, repetition ${JSON.stringify(repetition)}, segment ${JSON.stringify(segment)}`,
    ...(
      [
        ['parties (N101)', codes('N1', [1])],
        ['references (REF01)', codes('REF', [1])],
        ['dates (DTM01)', codes('DTM', [1])],
        ['item identifiers (PO106, PO108, …)', codes('PO1', [6, 8, 10, 12, 14, 16, 18, 20, 22, 24])],
        ['units (PO103)', codes('PO1', [3])],
      ] as const
    ).flatMap(([what, found]) => (found === '' ? [] : [`${what}: ${found}`])),
  ];
}

function openPoints(
  config: Config,
  { header, group, sets }: Sample,
  fits: readonly { readonly type: string; readonly fit: Fit | undefined }[],
): readonly string[] {
  const claimed = partnerByIdentity(config, {
    sender: header.sender,
    receiver: header.receiver,
    ...(group ? { groupSender: group.sender, groupReceiver: group.receiver } : {}),
  });
  return [
    ...(sets.length === 0 ? ['the sample holds no set that can be read: `wharf inspect` says what is wrong with it'] : []),
    ...('partner' in claimed ? [`these identities belong to ${claimed.partner.id} already`] : []),
    ...fits.flatMap(({ type, fit }) => {
      if (!fit) return [`${type}: no mapping reads this set; write mappings/<partner>/${type}.yaml`];
      const faults = fit.findings.map(({ message }) => `${type} by ${fit.mapping.name}: ${message}`);
      const lost = fit.unread.length;
      return [
        ...faults,
        ...(lost > 0 ? [`${type}: ${fit.mapping.name} does not read ${lost} value${lost === 1 ? '' : 's'} of the sample, listed in the mapping proposed`] : []),
      ];
    }),
  ];
}

function partyName(sample: Sample): string | undefined {
  return ['BY', 'DE', 'SF', 'WH', 'VN', 'SU']
    .flatMap((code) => parties(sample, code))
    .map((party) => element(party, 2))
    .find((name) => name !== '');
}

function parties({ sets }: Sample, code: string): readonly Node[] {
  return sets.flatMap(({ tree }) => segmentsNamed(tree, 'N1')).filter((party) => element(party, 1) === code);
}

function segmentsNamed(node: Node, name: string): readonly Node[] {
  return (node.children ?? []).flatMap((child) => [...(child.name === name ? [child] : []), ...segmentsNamed(child, name)]);
}

function element(node: Node, number: number): string {
  return fieldText(node.fields?.[number - 1]);
}

/** Channels where there is no template to name them. */
export function channels(id: string, more = ''): readonly string[] {
  return ['channels:', `  in: { type: folder, directory: ../var/partners/${id}/in${more} }`, `  out: { type: folder, directory: ../var/partners/${id}/out }`];
}
