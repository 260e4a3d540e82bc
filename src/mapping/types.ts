import type { ErrorCode, Place } from '../errors.ts';
import type { Finding } from '../finding.ts';
import type { Node, Position } from '../tree.ts';

/** A mapping file as read: plain data (objects, lists, text and booleans; numbers as their source text) and the way from a path in it to its line. */
export type MappingSource = {
  readonly name: string;
  readonly file: string;
  readonly content: unknown;
  /** What `extends` names. */
  readonly base?: MappingSource;
  readonly locate: (path: ContentPath) => Place;
};

export type ContentPath = readonly (string | number)[];

/** One thing that is wrong in a mapping file. */
export type Problem = { readonly place: Place; readonly code: ErrorCode; readonly message: string; readonly remedy?: string };

/** One rule of a mapping: what makes one kind of output value or record. `path` is the output path with `[]` for lists. */
export type Rule = { readonly path: string; readonly place: Place };

/** The file's side of a mapping as it was written: the format and its options, for the format to check. */
export type Side = { readonly format: string; readonly options: Readonly<Record<string, unknown>>; readonly place: Place };

export type Direction = 'in' | 'out';

/** What a run may use. Every value is given: a mapping has no clock, no environment and no files. */
export type RunContext = {
  /** What `$name` stands for: `partner`, `today`, … */
  readonly variables: Readonly<Record<string, string>>;
  /** A code table of the partner; its entries win over those of the mapping's table of the same name. */
  readonly table: (name: string) => Readonly<Record<string, string>> | undefined;
  /** Told of each value made. `outputPath` has indexes from 0: `lines[2].quantity`. */
  readonly trace?: (rule: Rule, source: Position | undefined, outputPath: string, value: string) => void;
  readonly limits?: Limits;
};

/** `steps` counts rules evaluated and nodes looked at; `output` counts characters made, 32 for each node besides its text. */
export type Limits = { readonly steps: number; readonly output: number };

/** With any `error` among the findings the tree must not be used as if it were whole. */
export type MappingResult = { readonly tree: Node | undefined; readonly findings: readonly Finding[] };

export type Mapping = {
  readonly name: string;
  readonly file: string;
  readonly direction: Direction;
  /** The canonical kind on the inner side. */
  readonly document: string;
  readonly side: Side;
  /** Maps one tree. Never throws: what goes wrong is a finding MAPPING_FAILED or DOCUMENT_INVALID. */
  readonly run: (tree: Node, context: RunContext) => MappingResult;
  /** Every rule, for coverage. */
  readonly rules: () => readonly Rule[];
};
