import type { Finding } from '../finding.ts';
import type { Node } from '../tree.ts';

/** One business message of a file that has no envelope: an order out of a CSV, XML, JSON or fixed-width file. */
export type Message = {
  readonly tree: Node;
  /** With any `error` the message is refused and the rest of the file proceeds. */
  readonly findings: readonly Finding[];
};

/** What a reader without envelopes yields: messages in file order, and findings about the file as a whole. */
export type ReadEvent = { readonly kind: 'message'; readonly message: Message } | { readonly kind: 'finding'; readonly finding: Finding };

/**
 * A format without envelopes. `Options` is what a mapping file says under its `source` or `target` key about this format.
 * Bytes arrive in chunks of any size; `read` never throws for bad input, it yields findings; memory stays flat over many messages.
 */
export type Format<Options> = {
  readonly name: 'csv' | 'xml' | 'json' | 'fixed';
  /** Whether the first bytes of a file look like this format. */
  readonly sniff: (head: Uint8Array) => boolean;
  readonly read: (chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: Options) => AsyncIterable<ReadEvent>;
  /** The bytes of one file that holds this tree. @throws WharfError RENDER_FAILED when the tree cannot be written. */
  readonly write: (tree: Node, options: Options) => Uint8Array;
};
