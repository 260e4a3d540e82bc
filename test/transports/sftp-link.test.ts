import { describe, expect, it } from 'vitest';
import { WharfError, type ErrorCode } from '../../src/errors.ts';
import { makeLink } from '../../src/transports/sftp/link.ts';
import type { Session } from '../../src/transports/sftp/session.ts';
import { codeOf } from './conformance.ts';

const patience = { firstMs: 1000, longestMs: 16_000, refusedLogins: 5, pauseMs: 3_600_000 };

/** A link to a server that is down in the way of `failure`, on a clock that the test moves. */
function downLink(random: () => number) {
  const state = { now: 0, tries: 0, failure: 'SFTP_UNREACHABLE' as ErrorCode | undefined };
  const link = makeLink({
    patience,
    random,
    now: () => state.now,
    connect: async () => {
      state.tries += 1;
      if (state.failure !== undefined) throw new WharfError(state.failure, 'down');
      let alive = true;
      const session: Session = {
        isAlive: () => alive,
        ask: () => Promise.reject(new Error('unused')),
        destroy: () => (alive = false),
        end: async () => void (alive = false),
      };
      return session;
    },
  });
  return { state, link };
}

/** When the tries happen if somebody asks every 10 ms until `until`. */
async function triesOf(until: number, random: () => number, failure: ErrorCode = 'SFTP_UNREACHABLE'): Promise<readonly number[]> {
  const { state, link } = downLink(random);
  state.failure = failure;
  const times: number[] = [];
  for (; state.now < until; state.now += 10) {
    const before = state.tries;
    expect(await codeOf(link.session())).toBe(failure);
    if (state.tries > before) times.push(state.now);
  }
  return times;
}

describe('the link to a server', () => {
  it('waits twice as long after each failure, up to a bound', async () => {
    const times = await triesOf(80_000, () => 0.999);
    const waits = times.slice(1).map((time, at) => Math.round((time - times[at]!) / 1000));
    expect(waits.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 16, 16]);
  });

  it('fault/G20 waits a random part, so that channels do not come back together', async () => {
    expect((await triesOf(1000, () => 0))[1]).toBe(10);
    expect((await triesOf(1000, () => 0.5))[1]).toBe(500);
  });

  it('fault/G7 pauses after five refused logins, then tries once', async () => {
    const { state, link } = downLink(() => 0);
    state.failure = 'SFTP_LOGIN';
    for (let asked = 0; asked < 50; asked += 1) await codeOf(link.session());
    expect(state.tries).toBe(5);
    state.now += patience.pauseMs;
    await codeOf(link.session());
    await codeOf(link.session());
    expect(state.tries).toBe(6);
  });

  it('fault/G6 pauses at once after an unknown host key', async () => {
    expect(await triesOf(80_000, () => 0, 'SFTP_HOST_KEY')).toEqual([0]);
  });

  it('starts afresh after a success, and shares one connection', async () => {
    const { state, link } = downLink(() => 0.999);
    for (; state.now < 7000; state.now += 10) await codeOf(link.session());
    state.now += 16_000;
    state.failure = undefined;
    const [one, two] = await Promise.all([link.session(), link.session()]);
    expect(one).toBe(two);
    const tries = state.tries;
    one.destroy(new WharfError('SFTP_LOST', 'gone'));
    state.failure = 'SFTP_UNREACHABLE';
    await codeOf(link.session());
    state.now += 1000;
    await codeOf(link.session());
    expect(state.tries).toBe(tries + 2);
  });

  it('gives up a connection that is being made when it is closed', async () => {
    const link = makeLink({
      patience,
      random: () => 0,
      now: () => 0,
      connect: (given) => new Promise((_, reject) => given.addEventListener('abort', () => reject(new WharfError('SFTP_UNREACHABLE', 'given up')))),
    });
    const session = codeOf(link.session());
    await link.close();
    expect(await session).toBe('SFTP_UNREACHABLE');
  });

  it('does not connect any more once it is closed', async () => {
    const { state, link } = downLink(() => 0);
    await link.close();
    expect(await codeOf(link.session())).toBe('SFTP_LOST');
    expect(state.tries).toBe(0);
  });
});
