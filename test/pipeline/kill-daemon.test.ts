import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { scratch, settingsIn } from '../support/database.ts';
import { expectWhole, result, soon, untilDone } from '../support/ending.ts';
import { launch, openPartners, openStage, scenesOf } from '../support/play.ts';
import { onServer } from '../support/test-server.ts';

const KILLS = Number(process.env['WHARF_KILLS'] ?? 16);
const SEED = Number(process.env['WHARF_SEED'] ?? Date.now() % 1_000_000);
const scenes = scenesOf(4);

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tells the story with nothing in its way. */
async function tellCalmly() {
  const stage = await openStage(join(await scratch(), 'calm'));
  const { taken, collect } = openPartners(stage);
  for (const { partner, name, bytes } of scenes) stage.drop(partner, name, bytes);
  const daemon = launch(stage);
  await daemon.started;
  const db = await openDatabase(await settingsIn(stage.config));
  await untilDone(stage, collect, db, 24);
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  const told = await result(stage, taken, db);
  await db.close();
  return told;
}

/** Tells it to a daemon that is killed again and again: while it starts, while it reads, writes and sends. */
async function tellWithKills(next: () => number) {
  const stage = await openStage(join(await scratch(), 'killed'));
  const { taken, collect } = openPartners(stage);
  const waiting = [...scenes];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const daemon = launch(stage);
    if (next() > 0.15) await daemon.started;
    const until = performance.now() + next() * 400;
    for (let drops = Math.ceil((waiting.length / (KILLS - kill)) * 2 * next()); drops > 0; drops -= 1) {
      const scene = waiting.shift();
      if (scene) stage.drop(scene.partner, scene.name, scene.bytes);
    }
    while (performance.now() < until) {
      await collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    daemon.child.kill('SIGKILL');
    await daemon.ended;
    await collect();
  }
  for (const scene of waiting) stage.drop(scene.partner, scene.name, scene.bytes);
  const last = launch(stage);
  await last.started;
  const db = await openDatabase(await settingsIn(stage.config));
  await untilDone(stage, collect, db, 24);
  last.child.kill('SIGTERM');
  expect(await last.ended).toBe(0);
  const told = await result(stage, taken, db);
  await db.close();
  return told;
}

test(
  `fault/A1 a daemon killed at ${KILLS} random moments leaves the same as one that was never disturbed (WHARF_SEED=${SEED})`,
  { timeout: 2 * soon.timeout + KILLS * (onServer ? 30_000 : 6_000) },
  async () => {
    const calm = await tellCalmly();
    const killed = await tellWithKills(random(SEED));
    for (const told of [calm, killed]) expectWhole(told);
    expect({ ...killed, names: undefined }).toEqual({ ...calm, names: undefined });
  },
);

test('a daemon that is asked to stop while files come and go ends with 0, and the next one goes on where it was', { timeout: 3 * soon.timeout }, async () => {
  const stage = await openStage(join(await scratch(), 'stopped'));
  const { taken, collect } = openPartners(stage);
  const first = launch(stage);
  await first.started;
  for (const { partner, name, bytes } of scenes) stage.drop(partner, name, bytes);
  await vi.waitFor(() => expect(existsSync(stage.outbox('acme')) && readdirSync(stage.outbox('acme')).length).toBeGreaterThan(0), soon);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const second = launch(stage);
  await second.started;
  const db = await openDatabase(await settingsIn(stage.config));
  await untilDone(stage, collect, db, 24);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const told = await result(stage, taken, db);
  await db.close();
  expectWhole(told);
});
