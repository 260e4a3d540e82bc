import { WharfError } from '../errors.ts';
import type { Config } from '../config/types.ts';
import { contactsOf, runbookOf } from '../pipeline/alerts/message.ts';
import { note } from '../store/activity.ts';
import type { Alert } from '../store/alerts.ts';
import { acknowledgeAlert, openAlerts, snoozeAlert } from '../store/alerts.ts';
import { withActs } from './act.ts';
import type { Command, ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant } from './show.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const alerts: Command = {
  summary: 'what needs a person and was, or will be, told to somebody; take one on, or put it off',
  usage: '[--ack ID] [--snooze ID TIME]',
  acts: true,
  options: {
    ack: { type: 'string', value: 'ID', help: 'you look after it: nothing more is told of it but its end' },
    snooze: { type: 'string', value: 'ID', help: 'nothing is told of it for a time, such as 4h, and again after it' },
  },
  run: (given, io) => {
    const ack = idOf(given, 'ack');
    const snooze = idOf(given, 'snooze');
    if (ack !== undefined) return acknowledge(given, io, ack);
    if (snooze !== undefined) return putOff(given, io, snooze);
    return withDatabase(given, io, 'read', async (config, db) => {
      const open = await db.read((tx) => openAlerts(tx));
      if (given.flag('json'))
        printJson(
          io,
          open.map((alert) => asData(config, alert)),
        );
      else if (open.length === 0) io.out('no alert is open\n');
      else for (const alert of open) show(io, config, alert);
      return open.length > 0 ? exit.findings : exit.ok;
    });
  },
};

function acknowledge(given: Given, io: Io, id: number): Promise<ExitCode> {
  return withActs(given, io, { access: 'read', target: `alert:${id}` }, async (_config, { db, now, by }) => {
    const done = await db.transaction(async (tx) => {
      const taken = await acknowledgeAlert(tx, id, by, now);
      if (taken) await note(tx, { at: now, verb: 'acknowledge', text: `alert:${id} is looked after by ${by}` });
      return taken;
    });
    return tell(given, io, done, done ? `alert:${id} is yours` : `alert:${id} is not open, or somebody has it`);
  });
}

function putOff(given: Given, io: Io, id: number): Promise<ExitCode> {
  const time = given.words[0] ?? '4h';
  const match = /^([1-9]\d{0,3})([mhd])$/.exec(time);
  if (!match) throw new WharfError('USAGE', `${time} is not a time such as 30m, 4h or 2d`, { value: time });
  const length = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return withActs(given, io, { access: 'read', target: `alert:${id}` }, async (_config, { db, now }) => {
    const done = await db.transaction((tx) => snoozeAlert(tx, id, now + length));
    return tell(given, io, done, done ? `alert:${id} is put off until ${showInstant(now + length)}` : `alert:${id} is not open`);
  });
}

function idOf(given: Given, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const id = /^(?:alert:)?(\d{1,15})$/.exec(text)?.[1];
  if (id === undefined) throw new WharfError('USAGE', `--${option} ${text} is not an alert such as 3`, { value: text });
  return Number(id);
}

function tell(given: Given, io: Io, done: boolean, text: string): ExitCode {
  if (given.flag('json')) printJson(io, { done, text });
  else io.out(`${text}\n`);
  return done ? exit.ok : exit.findings;
}

function asData(config: Config, { id, kind, subject, detail, openedAt, seenAt, acknowledgedBy, snoozedUntil }: Alert) {
  return {
    id: `alert:${id}`,
    kind,
    subject,
    detail,
    openedAt: showInstant(openedAt),
    seenAt: showInstant(seenAt),
    acknowledgedBy: acknowledgedBy ?? null,
    snoozedUntil: snoozedUntil > 0 ? showInstant(snoozedUntil) : null,
    runbook: runbookOf(kind),
    contacts: contactsOf(config, subject),
  };
}

function show(io: Io, config: Config, alert: Alert): void {
  const { id, kind, subject, detail, openedAt, acknowledgedBy, snoozedUntil } = alert;
  const taken = acknowledgedBy === undefined ? (snoozedUntil > 0 ? `, put off until ${showInstant(snoozedUntil)}` : '') : `, ${acknowledgedBy} has it`;
  io.out(`alert:${id}  ${kind} ${subject}, since ${showInstant(openedAt)}${taken}\n  ${detail}\n  see ${runbookOf(kind)}\n`);
  for (const contact of contactsOf(config, subject)) io.out(`  ask ${contact}\n`);
}
