/** Which blocks of the engine's code have run, as V8 counts them. */
import { Session, type Profiler } from 'node:inspector';

export type Coverage = {
  /** Whether any code ran since the last call that had never run before. With `keep` it counts as run from now on. */
  readonly isNew: (keep: boolean) => boolean;
  /** Counting makes code run at half its speed: it can rest. */
  readonly rest: () => void;
  readonly resume: () => void;
  /** Characters of source that have run. */
  readonly covered: () => number;
};

/** Starts counting. Only scripts whose address holds `part` matter. */
export function startCoverage(part: string): Coverage {
  const session = new Session();
  session.connect();
  let taken: Profiler.TakePreciseCoverageReturnType | undefined;
  session.post('Profiler.enable');
  const resume = (): void => session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  resume();
  const ran = new Map<string, Uint8Array>();
  const isNew = (keep: boolean): boolean => {
    session.post('Profiler.takePreciseCoverage', (error, found) => {
      if (error) throw error;
      taken = found;
    });
    let fresh = false;
    for (const script of taken!.result) {
      if (!script.url.includes(part)) continue;
      for (const { ranges } of script.functions) if (paint(roomFor(ran, script.url, ranges[0]!.endOffset), ranges, keep)) fresh = true;
    }
    return fresh;
  };
  return {
    isNew,
    resume,
    rest: () => session.post('Profiler.stopPreciseCoverage'),
    covered: () => [...ran.values()].reduce((sum, map) => sum + map.reduce((total, mark) => total + mark, 0), 0),
  };
}

function roomFor(ran: Map<string, Uint8Array>, url: string, length: number): Uint8Array {
  const known = ran.get(url);
  if (known && known.length >= length) return known;
  const map = new Uint8Array(Math.max(length, 1 << 14, 2 * (known?.length ?? 0)));
  if (known) map.set(known);
  ran.set(url, map);
  return map;
}

/** An inner range outweighs the one around it, and comes after it. Gives whether something ran that had not. */
function paint(map: Uint8Array, ranges: readonly Profiler.CoverageRange[], keep: boolean): boolean {
  const { startOffset, endOffset } = ranges[0]!;
  if (ranges.every((range) => range.count === 0)) return false;
  const now = new Uint8Array(endOffset - startOffset);
  for (const range of ranges) now.fill(range.count > 0 ? 1 : 0, range.startOffset - startOffset, range.endOffset - startOffset);
  let fresh = false;
  for (let at = 0; at < now.length; at++) {
    if (now[at] === 0 || map[startOffset + at] === 1) continue;
    fresh = true;
    if (keep) map[startOffset + at] = 1;
  }
  return fresh;
}
