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

export type StructureReport = (code: X12FindingCode, id: string, wrong?: { readonly element: number; readonly value: string }) => void;

type State = {
  readonly report: StructureReport;
  readonly deepest: number;
  /** Frames are used again: the first `depth` are open. */
  readonly frames: Frame[];
  definition: SetDefinition | undefined;
  depth: number;
  parent: number;
  bounded: string | undefined;
  /** HL01 of each level so far: its segment and how deep it is. */
  levels: Map<string, { readonly node: number; readonly depth: number }> | undefined;
};

/** Follows one set after another; HL levels nest at most `deepest` deep. `report` is told of every segment that is missing or stands wrong. */
export function structure(deepest: number, report: StructureReport): Structure {
  const state: State = { report, deepest, frames: [], definition: undefined, depth: 0, parent: 0, bounded: undefined, levels: undefined };
  return {
    start: (definition) => start(state, definition),
    take: (segment, packed, node) => take(state, segment, packed, node),
    parentOf: () => state.parent,
    boundedBy: () => state.bounded,
    end: () => {
      closeTo(state, -1);
      state.bounded = undefined;
    },
  };
}

function start(state: State, definition: SetDefinition): void {
  state.definition = definition;
  state.depth = 0;
  state.parent = 0;
  state.bounded = undefined;
  state.levels = undefined;
  open(state, definition.root, 0);
  state.frames[0]!.place = 0;
  state.frames[0]!.used = 1;
}

function take(state: State, segment: Segment, packed: number, node: number): SegmentDefinition | undefined {
  const { frames } = state;
  let full = -1;
  for (let level = state.depth - 1; level >= 0; level--) {
    const place = nextPlace(frames[level]!, packed);
    if (place >= 0) {
      const entry = settle(state, frames[level]!, place, node);
      settled(state, entry, segment, node);
      return entry.segment;
    }
    if (place === FULL && full === -1) full = level;
  }
  if (full === -1) return misplaced(state, segment, packed, node);
  const entry = settle(state, frames[full]!, frames[full]!.place, node);
  state.report(entry.loop ? 'AK304-4' : 'AK304-5', entry.segment.id);
  settled(state, entry, segment, node);
  return entry.segment;
}

/** The segment stands at `place` of a frame: the loops inside it are over, and what is mandatory before it was left out. */
function settle(state: State, frame: Frame, place: number, node: number): Entry {
  closeTo(state, state.frames.indexOf(frame));
  const entry = frame.loop.entries[place]!;
  if (place === frame.place) frame.used++;
  else {
    if (place > frame.place) passOver(state, frame, place);
    frame.place = place;
    frame.used = 1;
  }
  state.parent = frame.node;
  if (entry.loop) open(state, entry.loop, node);
  return entry;
}

/** What segments of their own kind bring with them: bounds of loops, levels, and those that a partner does not use. */
function settled(state: State, entry: Entry, segment: Segment, node: number): void {
  const { id } = entry.segment;
  if (id === 'LS') {
    const frame = state.frames[state.depth - 1]!;
    frame.bound = frame.place;
    state.bounded = elementText(segment, 1);
  } else if (id === 'LE') state.bounded = undefined;
  else if (id === 'HL' && entry.loop) hierarchy(state, segment, node);
  if (entry.unused) state.report('AK304-I4', id);
}

/** Everything mandatory between the place of a frame and `to` was left out. */
function passOver(state: State, frame: Frame, to: number): void {
  const { loop } = frame;
  for (let missing = loop.nextMandatory[frame.place + 1]!; missing < to; missing = loop.nextMandatory[missing + 1]!)
    state.report('AK304-3', loop.entries[missing]!.segment.id);
  if (frame.bound === -1) return;
  const close = loop.entries.findIndex((entry, place) => place > frame.bound && entry.segment.id === 'LE');
  if (close > frame.place && close < to) state.report('AK304-3', 'LE');
  if (close < to) frame.bound = -1;
}

function closeTo(state: State, level: number): void {
  while (state.depth > level + 1) {
    const frame = state.frames[--state.depth]!;
    passOver(state, frame, frame.loop.entries.length);
  }
}

function open(state: State, loop: Loop, node: number): void {
  const frame = state.frames[state.depth];
  if (frame) {
    frame.loop = loop;
    frame.place = -1;
    frame.used = 0;
    frame.node = node;
    frame.bound = -1;
  } else state.frames.push({ loop, place: -1, used: 0, node, bound: -1 });
  state.depth++;
}

/** An HL belongs under the one that HL02 names, which must have been there before: so no circle can come about. */
function hierarchy(state: State, segment: Segment, node: number): void {
  const levels = (state.levels ??= new Map());
  const number = elementText(segment, 1);
  const above = elementText(segment, 2);
  let depth = 0;
  if (above !== '') {
    const found = levels.get(above);
    if (found === undefined) state.report('HL-PARENT', 'HL', { element: 2, value: above });
    else if (found.depth >= state.deepest) state.report('LIMIT-DEPTH', 'HL', { element: 2, value: above });
    else {
      state.parent = found.node;
      depth = found.depth;
    }
  }
  if (Number(number) !== levels.size + 1) state.report('HL-NUMBER', 'HL', { element: 1, value: number });
  levels.set(number, { node, depth: depth + 1 });
}

/** No open loop can take the segment where it stands. */
function misplaced(state: State, segment: Segment, packed: number, node: number): SegmentDefinition | undefined {
  const id = elementText(segment, 0);
  for (let level = state.depth - 1; level >= 0; level--) {
    const frame = state.frames[level]!;
    const earlier = frame.loop.places.get(packed)?.find((place) => frame.loop.entries[place]!.after === -1);
    if (earlier === undefined) continue;
    state.report('AK304-7', id);
    const entry = frame.loop.entries[earlier]!;
    state.parent = frame.node;
    if (entry.loop) {
      closeTo(state, level);
      open(state, entry.loop, node);
    }
    return entry.segment;
  }
  if (enterWithoutOpener(state, packed)) return take(state, segment, packed, node);
  state.parent = state.frames[state.depth - 1]!.node;
  state.report(state.definition!.segments.has(packed) ? 'AK304-2' : isSegmentId(id) ? 'AK304-6' : 'AK304-1', id);
  return undefined;
}

/** A loop further on could take the segment, had its own first segment not been left out: the loop is entered all the same. */
function enterWithoutOpener(state: State, packed: number): boolean {
  for (let level = state.depth - 1; level >= 0; level--) {
    const frame = state.frames[level]!;
    const path = pathTo(frame.loop, packed, Math.max(frame.place, 0));
    if (!path) continue;
    closeTo(state, level);
    let current = frame;
    for (const place of path) {
      if (place > current.place) passOver(state, current, place);
      current.place = place;
      current.used = Math.max(1, current.used);
      const { loop, segment } = current.loop.entries[place]!;
      state.report('AK304-3', segment.id);
      open(state, loop!, frame.node);
      current = state.frames[state.depth - 1]!;
    }
    return true;
  }
  return false;
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
