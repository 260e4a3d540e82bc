import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaFiles } from '../config/json-schema.ts';
import { WharfError } from '../errors.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';

export const schema: Command = {
  summary: 'write JSON Schemas of the configuration files, with which editors complete and check them',
  usage: '[DIRECTORY]',
  run: async ({ words, flag }, io) => {
    const directory = words[0] ?? join('config', 'schema');
    const files = [...schemaFiles()].map(([name, content]) => ({ file: join(directory, name), content }));
    try {
      await mkdir(directory, { recursive: true });
      for (const { file, content } of files) await writeFile(file, content);
    } catch (error) {
      throw new WharfError('FOLDER_UNUSABLE', `${directory} cannot be written: ${(error as Error).message}`, { place: { file: directory }, cause: error });
    }
    if (flag('json')) printJson(io, { written: files.map(({ file }) => file) });
    else for (const { file } of files) io.out(`${file}\n`);
    return exit.ok;
  },
};
