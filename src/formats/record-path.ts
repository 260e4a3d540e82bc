const MOST_NAMES = 8;

/** Follows a file along the path of its records, to tell what stands there instead of them. */
export type RecordPath = {
  /** A member or element `name` stands inside those of `outer`, from the root on. */
  readonly saw: (outer: readonly string[], name: string) => void;
  /** What is there in place of the records: `nothing stands at /data/orders; in /data stand count, order`. */
  readonly missed: () => string;
  /** Whether the next step of the path stands where the file has come nearest to it: the last, or one that holds nothing. */
  readonly entered: () => boolean;
  /** Whether the last step of the path was there, whatever it holds. */
  readonly reached: () => boolean;
};

/** `record`: the names of the path, `['data', 'orders']`. */
export function recordPath(record: readonly string[]): RecordPath {
  let depth = -1;
  const names = new Set<string>();
  return {
    saw: (outer, name) => {
      if (outer.length < depth || outer.length >= record.length || outer.some((step, at) => step !== record[at])) return;
      if (outer.length > depth) names.clear();
      depth = outer.length;
      if (names.size < MOST_NAMES || name === record[depth]) names.add(name);
    },
    missed: () => {
      const place = `/${record.slice(0, depth).join('/')}`;
      const wanted = record[depth];
      const nothing = `nothing stands at /${record.join('/')}`;
      if (depth === -1) return `${nothing}; the file is no object with members`;
      if (wanted !== undefined && names.has(wanted)) return `${nothing}; /${record.slice(0, depth + 1).join('/')} is no object with members`;
      return `${nothing}; in ${place} ${names.size === 1 ? 'stands' : 'stand'} ${[...names].map((name) => name.slice(0, 40)).join(', ')}`;
    },
    entered: () => names.has(record[depth] ?? ''),
    reached: () => depth === record.length - 1 && names.has(record[depth]!),
  };
}
