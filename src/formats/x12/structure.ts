/**
 * Finds the place of each segment of a set in its definition. Loops that are open are frames; the innermost that can take the segment at its
 * place or further on does. What none can take is out of sequence, unexpected or unknown, and stays where it stands.
 */
import type { Entry, Loop, SetDefinition } from './definitions.ts';
import { isSegmentId, type SegmentDefinition } from './dictionary.ts';
import type { X12FindingCode } from './findings.ts';
import { elementText, type Segment } from './segment.ts';

type Frame = { loop: Loop; place: number; used: number; node: number; bound: number };

export type Structure = {
  /** Begins a set; what was known of the one before is forgotten. */
  readonly start: (definition: SetDefinition) => void;
  /** Takes the segment that is number `node` of its set; ST is 0. Gives its definition, if it has any; `parentOf` tells where it belongs. */
  readonly take: (segment: Segment, packed: number, node: number) => SegmentDefinition | undefined;
  /** The number of the segment that the last one taken belongs under. */
  readonly parentOf: () => number;
  /** LS01 of the bounded loop that the last segment stands in. */
  readonly boundedBy: () => string | undefined;
  /** The set is complete: reports what is still missing. */
  readonly end: () => void;
};

export type StructureReport = (code: X12FindingCode, id: string, element?: number, value?: string) => void;

const HL = (72 << 8) | 76;

/** Follows one set after another; HL levels nest at most `deepest` deep. `report` is told of every segment that is missing or stands wrong. */
export function structure(deepest: number, report: StructureReport): Structure {
  const frames: Frame[] = [];
  let definition: SetDefinition;
  let depth = 0;
  let parent = 0;
  let bounded: string | undefined;
  let levels: Map<string, { readonly node: number; readonly depth: number }> | undefined;

  /** Everything mandatory between the place of a frame and `to` was left out. */
  const passOver = (frame: Frame, to: number): void => {
    const { loop } = frame;
    for (let missing = loop.nextMandatory[frame.place + 1]!; missing < to; missing = loop.nextMandatory[missing + 1]!)
      report('AK304-3', loop.entries[missing]!.segment.id);
    if (frame.bound === -1) return;
    const close = loop.entries.findIndex((entry, place) => place > frame.bound && entry.segment.id === 'LE');
    if (close > frame.place && close < to) report('AK304-3', 'LE');
    if (close < to) frame.bound = -1;
  };

  const closeTo = (level: number): void => {
    while (depth > level + 1) {
      const frame = frames[--depth]!;
      passOver(frame, frame.loop.entries.length);
    }
  };

  const open = (loop: Loop, node: number): void => {
    const frame = frames[depth];
    if (frame) {
      frame.loop = loop;
      frame.place = -1;
      frame.used = 0;
      frame.node = node;
      frame.bound = -1;
    } else frames.push({ loop, place: -1, used: 0, node, bound: -1 });
    depth++;
  };

  /** The segment stands at `place` of the frame at `level`. */
  const settle = (level: number, place: number, node: number, segment: Segment): Entry => {
    closeTo(level);
    const frame = frames[level]!;
    const entry = frame.loop.entries[place]!;
    if (place === frame.place) frame.used++;
    else {
      if (place > frame.place) passOver(frame, place);
      frame.place = place;
      frame.used = 1;
    }
    parent = frame.node;
    if (entry.loop) open(entry.loop, node);
    if (entry.segment.id === 'LS') {
      frame.bound = place;
      bounded = elementText(segment, 1);
    } else if (entry.segment.id === 'LE') bounded = undefined;
    if (entry.unused) report('AK304-2', entry.segment.id);
    return entry;
  };

  const hierarchy = (segment: Segment, node: number): void => {
    levels ??= new Map();
    const number = elementText(segment, 1);
    const above = elementText(segment, 2);
    let level = 0;
    if (above !== '') {
      const found = levels.get(above);
      if (found === undefined) report('HL-PARENT', 'HL', 2, above);
      else if (found.depth >= deepest) report('LIMIT-DEPTH', 'HL', 2, above);
      else ({ node: parent, depth: level } = found);
    }
    if (Number(number) !== levels.size + 1) report('HL-NUMBER', 'HL', 1, number);
    levels.set(number, { node, depth: level + 1 });
  };

  const take = (segment: Segment, packed: number, node: number): SegmentDefinition | undefined => {
    let full = -1;
    for (let level = depth - 1; level >= 0; level--) {
      const place = nextPlace(frames[level]!, packed);
      if (place >= 0) {
        const entry = settle(level, place, node, segment);
        if (packed === HL && entry.loop) hierarchy(segment, node);
        return entry.segment;
      }
      if (place === FULL && full === -1) full = level;
    }
    if (full !== -1) return over(full, segment, packed, node);
    return misplaced(segment, packed, node);
  };

  const over = (level: number, segment: Segment, packed: number, node: number): SegmentDefinition => {
    const { place } = frames[level]!;
    const entry = settle(level, place, node, segment);
    report(entry.loop ? 'AK304-4' : 'AK304-5', entry.segment.id);
    if (packed === HL && entry.loop) hierarchy(segment, node);
    return entry.segment;
  };

  /** A loop further on could take the segment, had its own first segment not been left out: the loop is entered all the same. */
  const enterWithoutOpener = (packed: number): boolean => {
    for (let level = depth - 1; level >= 0; level--) {
      const frame = frames[level]!;
      const path = pathTo(frame.loop, packed, Math.max(frame.place, 0));
      if (!path) continue;
      closeTo(level);
      let current = frame;
      for (const place of path) {
        if (place > current.place) passOver(current, place);
        current.place = place;
        current.used = Math.max(1, current.used);
        const { loop, segment } = current.loop.entries[place]!;
        report('AK304-3', segment.id);
        open(loop!, frame.node);
        current = frames[depth - 1]!;
      }
      return true;
    }
    return false;
  };

  const misplaced = (segment: Segment, packed: number, node: number): SegmentDefinition | undefined => {
    const id = elementText(segment, 0);
    for (let level = depth - 1; level >= 0; level--) {
      const frame = frames[level]!;
      const earlier = frame.loop.places.get(packed)?.find((place) => frame.loop.entries[place]!.after === -1);
      if (earlier === undefined) continue;
      report('AK304-7', id);
      const entry = frame.loop.entries[earlier]!;
      parent = frame.node;
      if (entry.loop) {
        closeTo(level);
        open(entry.loop, node);
      }
      return entry.segment;
    }
    if (enterWithoutOpener(packed)) return take(segment, packed, node);
    parent = frames[depth - 1]!.node;
    report(definition.segments.has(packed) ? 'AK304-2' : isSegmentId(id) ? 'AK304-6' : 'AK304-1', id);
    return undefined;
  };

  return {
    start: (next) => {
      definition = next;
      depth = 0;
      parent = 0;
      bounded = undefined;
      levels = undefined;
      open(next.root, 0);
      frames[0]!.place = 0;
      frames[0]!.used = 1;
    },
    take,
    parentOf: () => parent,
    boundedBy: () => bounded,
    end: () => {
      closeTo(-1);
      bounded = undefined;
    },
  };
}

const ABSENT = -1;
const FULL = -2;

/** The places of the loops to enter, from `from` on, until one has a segment: at most three deep, nearest first. */
function pathTo(loop: Loop, packed: number, from: number, deep = 3): readonly number[] | undefined {
  for (let place = from; place < loop.entries.length; place++) {
    const inner = loop.entries[place]!.loop;
    if (!inner || loop.entries[place]!.after !== -1) continue;
    if (inner.places.get(packed)?.some((at) => inner.entries[at]!.after === -1)) return [place];
    const further = deep > 1 ? pathTo(inner, packed, 0, deep - 1) : undefined;
    if (further) return [place, ...further];
  }
  return undefined;
}

/** The first place of a frame, at or after where it is, that can take a segment; FULL when the only one is used up; ABSENT when there is none. */
function nextPlace(frame: Frame, packed: number): number {
  const places = frame.loop.places.get(packed);
  if (places === undefined) return ABSENT;
  let result = ABSENT;
  for (const place of places) {
    if (place < frame.place) continue;
    const entry = frame.loop.entries[place]!;
    if (entry.after !== -1 && frame.bound !== entry.after) continue;
    if (place > frame.place || frame.used < entry.max) return place;
    result = FULL;
  }
  return result;
}
