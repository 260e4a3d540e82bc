import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { WharfError } from '../errors.ts';
import { anonymise as anonymiseBytes } from '../formats/x12/anonymise.ts';
import { notWritten } from './big-file.ts';
import type { Command } from './command.ts';
import { exit } from './command.ts';

export const anonymise: Command = {
  summary: 'copy an X12 file without its names, addresses, ids and prices, faults and lengths kept',
  usage: 'FILE [--to FILE] [--secret TEXT]',
  options: {
    to: { type: 'string', value: 'FILE', help: 'where the copy goes; default the terminal' },
    secret: { type: 'string', value: 'TEXT', help: 'the same text gives the same replacements in every file; default a new one each time' },
  },
  run: async (given, io) => {
    const [file] = given.words;
    if (file === undefined || given.words.length > 1) throw new WharfError('USAGE', 'wharf anonymise FILE', { value: given.words.join(' ') });
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new WharfError('FILE_UNREADABLE', `${file} cannot be read: ${cause.message}`, { place: { file }, cause });
    });
    const copy = anonymiseBytes(bytes, given.text('secret') ?? randomBytes(16).toString('hex'));
    const to = given.text('to');
    if (to === undefined) io.out(new TextDecoder().decode(copy));
    else
      await writeFile(to, copy, { flag: 'wx' }).catch((cause: Error) => {
        throw notWritten(to, cause);
      });
    return exit.ok;
  },
};
