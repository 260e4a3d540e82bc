import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { workLeft } from '../../src/store/proof.ts';
import { makeCompany, openBooks } from '../../src/torture/company.ts';
import { askToStop, launch, ownBuild } from '../../src/torture/daemon.ts';
import { straceMissing } from '../../src/torture/strace.ts';
import { purchaseOrder } from '../support/company.ts';

const line = ['PO1*1*5*EA*6.25**VN*HL-MUG-01'];

/** Names that a shell would take for commands, each of an order. */
const commands = [
  '$(touch MARK)',
  '`touch MARK`',
  ';touch MARK;',
  '| touch MARK',
  '&& touch MARK',
  '-rf',
  '--config=evil.yaml',
  "';touch MARK;'",
  '$IFS',
  '%x',
];

/** Programs and configuration, under the names by which programs and configuration are known. */
const programs: Readonly<Record<string, string>> = {
  'run.sh': '#!/bin/sh\ntouch MARK\n',
  'index.js': "require('node:fs').writeFileSync('MARK', '')\n",
  'main.ts': "import { writeFileSync } from 'node:fs';\nwriteFileSync('MARK', '');\n",
  'package.json': '{ "type": "module", "main": "index.js", "scripts": { "install": "touch MARK" } }\n',
  'gateway.yaml': 'company: { name: Evil, identity: ZZ/EVIL }\ndatabase: { type: sqlite, file: MARK }\n',
  'evil.yaml': 'id: evil\nname: Evil\nrole: customer\nidentities: [{ theirs: ZZ/EVIL }]\nchannels: { in: { type: folder, directory: MARK } }\n',
  '850.yaml': 'direction: in\ndocument: order\nsource: { format: x12, set: "850" }\nmap: { poNumber: { const: MARK } }\n',
  'healthcheck.jsp': '<% Runtime.getRuntime().exec("touch MARK"); %>\n',
};

test(
  'fault/J13 fault/J17 names that are commands, and programs and configuration in an inbox: nothing is run, and nothing is configured by them',
  { timeout: 120_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'wharf-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const company = await makeCompany({ directory: join(directory, 'company') });
    const mark = `mark-${process.pid}`;
    const daemon = launch({ build: ownBuild, config: company.configFile });
    onTestFinished(() => void daemon.process.kill('SIGKILL'));
    expect(await daemon.started, daemon.tail()).toBe(true);
    // Every program that any of its processes starts from now on.
    const calls = join(directory, 'calls');
    writeFileSync(calls, '');
    const tracer =
      straceMissing() === undefined
        ? spawn('strace', ['-f', '-o', calls, '-e', 'trace=execve,execveat', '-p', String(daemon.process.pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
        : undefined;
    onTestFinished(() => void tracer?.kill('SIGKILL'));
    if (tracer) await once(tracer.stderr, 'data');

    const inbox = company.folder('acme', 'in');
    mkdirSync(join(inbox, 'partners'));
    writeFileSync(join(inbox, 'partners', 'evil.yaml'), programs['evil.yaml']!);
    const names = commands.map((text) => text.replace('MARK', mark));
    for (const [index, name] of names.entries()) writeFileSync(join(inbox, name), purchaseOrder(`PO-J13-${index}`, line));
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(inbox, name), text.replaceAll('MARK', mark));
      chmodSync(join(inbox, name), 0o755);
    }
    const db = await openBooks(company);
    const files = () => db.read((tx) => tx.many('select name, status from {inbound_file} order by id', []));
    const count = names.length + Object.keys(programs).length;
    for (let ready = false; !ready; await sleep(20)) {
      expect(daemon.process.exitCode).toBe(null);
      const rows = await files();
      const left = await db.read((tx) => workLeft(tx));
      ready = rows.length === count && left.files + left.documents === 0;
    }
    const status = new Map((await files()).map((row) => [String(row['name']), row['status']]));
    for (const name of names) expect(status.get(name), name).toBe('done');
    for (const name of Object.keys(programs)) expect(status.get(name), name).toBe('parked');
    const orders = await db.read((tx) => tx.many('select po_number from {sales_order} order by id', []));
    expect(orders).toHaveLength(names.length);
    await db.close();
    expect(await askToStop(daemon)).toBe(0);

    expect(readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(mark))).toEqual([]);
    expect(readdirSync('.').filter((name) => name.includes(mark))).toEqual([]);
    expect(daemon.tail()).not.toContain('configuration');
    if (tracer && tracer.exitCode === null) await once(tracer, 'exit');
    expect(readFileSync(calls, 'utf8')).not.toContain('exec');
  },
);
