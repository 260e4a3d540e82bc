import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { textOf } from '../config/plain.ts';
import { identifier } from '../config/scalars.ts';
import { readSources } from '../config/sources.ts';
import type { Sources } from '../config/sources.ts';
import { showFile } from '../config/yaml.ts';
import { WharfError } from '../errors.ts';
import { propose } from '../workbench/propose.ts';
import type { Proposal } from '../workbench/propose.ts';
import type { Command, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withConfig } from './open-config.ts';

export const newPartner: Command = {
  summary: 'propose the files of a new partner from a sample of theirs, or by a template',
  usage: 'ID [--from FILE] [--template NAME] [--write]',
  options: {
    from: { type: 'string', value: 'FILE', help: 'a file of theirs: identities, version, delimiters, sets, codes and the nearest mapping are taken from it' },
    template: { type: 'string', value: 'NAME', help: 'the file in partners/templates that the partner extends' },
    write: { type: 'boolean', help: 'write the files; without it they are only shown' },
  },
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const [id] = given.words;
      const [from, template] = [given.text('from'), given.text('template')];
      if (id === undefined || given.words.length > 1 || (from === undefined && template === undefined)) {
        throw new WharfError('USAGE', 'wharf new partner ID --from FILE, or --template NAME, or both');
      }
      if (!identifier.safeParse(id).success) throw new WharfError('USAGE', `${id} is not a name of lower-case letters, digits, - and _`, { value: id });
      if (config.partners.has(id)) {
        const remedy = `Choose another id, or look at what is there with \`wharf explain partner ${id}\``;
        throw new WharfError('CONFIG_CONFLICT', `there is a partner ${id} already`, { value: id, remedy });
      }
      const sources = await readSources(config.file);
      if (!sources.gateway) throw new WharfError('CONFIG_INVALID', `${config.file} cannot be read any more`);
      const proposal = await propose(config, sources, { id, template, file: from === undefined ? undefined : { name: basename(from), bytes: read(from) } });
      const files = filesOf(id, sources, proposal);
      if (given.flag('write')) writeAll(files);
      show(given, io, files, proposal);
      return exit.ok;
    }),
};

type NewFile = { readonly file: string; readonly text: string };

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WharfError('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`, { place: { file }, cause: error });
  }
}

function filesOf(id: string, { gateway }: Sources, { partner, mappings }: Proposal): readonly NewFile[] {
  const folder = (key: 'partners' | 'mappings'): string => resolve(dirname(gateway.file), textOf(gateway.content, key) ?? `../${key}`);
  return [
    { file: join(folder('partners'), `${id}.yaml`), text: partner },
    ...mappings.map(({ name, text }) => ({ file: join(folder('mappings'), `${name}.yaml`), text })),
  ];
}

function writeAll(files: readonly NewFile[]): void {
  const there = files.find(({ file }) => existsSync(file));
  const remedy = 'Without --write the files are only shown; put aside what is there, or choose another id';
  if (there) throw new WharfError('CONFIG_CONFLICT', `${there.file} is there already; nothing was written`, { place: { file: there.file }, remedy });
  for (const { file, text } of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function show(given: Given, io: Io, files: readonly NewFile[], { seen, open }: Proposal): void {
  const written = given.flag('write');
  if (given.flag('json')) return printJson(io, { files: files.map(({ file, text }) => ({ file: showFile(file), text })), seen, open, written });
  for (const line of seen) io.out(`${line}\n`);
  for (const { file, text } of files) io.out(written ? `\nwritten: ${showFile(file)}\n${text}` : `\n--- ${showFile(file)}\n${text}`);
  if (open.length > 0) io.out(`\nnot done by this:\n${open.map((line) => `  ${line}\n`).join('')}`);
  io.out(written ? '\nNext: wharf check, then wharf try FILE\n' : '\n--write writes these files\n');
}
