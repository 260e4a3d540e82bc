import { randomBytes } from 'node:crypto';
import { WharfError } from '../errors.ts';
import { anonymiser } from '../formats/x12/anonymise.ts';
import { looksLikeEbcdicX12 } from '../formats/x12/sniff.ts';
import { convert } from './big-file.ts';
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
    const secret = given.text('secret') ?? randomBytes(16).toString('hex');
    await convert(file, given.text('to'), io, (head) => anonymiser(secret, looksLikeEbcdicX12(head) ? 'ebcdic' : 'ascii'));
    return exit.ok;
  },
};
