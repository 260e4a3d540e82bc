import { z } from '../schema.ts';
import { readYaml } from './files.ts';
import { allocation } from './policy-schema.ts';
import { amount, count, text } from './scalars.ts';
import type { Problem } from './types.ts';
import { validate } from './validate.ts';

const { tier, class: rank, warehouses, completeness, accumulate, minimumFill, minimumLine, fairShare, maxShipments, objective } = allocation.shape;
const { splitPenalty, latePenalty, regretLimit, splitLines, breakPacks, substitution, requires, together } = allocation.shape;

/** The keys of `allocation` in a partner file, none of which has a default here: what is not named stays as it was decided. */
const changes = z.strictObject({
  tier: tier.unwrap().optional(),
  class: rank.unwrap().optional(),
  warehouses,
  completeness: completeness.unwrap().optional(),
  accumulate: accumulate.unwrap().optional(),
  minimumFill,
  minimumLine,
  fairShare: fairShare.unwrap().optional(),
  maxShipments: maxShipments.unwrap().optional(),
  objective: objective.unwrap().optional(),
  splitPenalty: splitPenalty.unwrap().optional(),
  latePenalty: latePenalty.unwrap().optional(),
  regretLimit: regretLimit.unwrap().optional(),
  splitLines: splitLines.unwrap().optional(),
  breakPacks: breakPacks.unwrap().optional(),
  substitution: substitution.unwrap().optional(),
  requires: requires.unwrap().optional(),
  together: together.unwrap().optional(),
});

const whatIfSchema = z.strictObject({
  /** For every order. */
  allocation: changes.optional(),
  /** For the orders of a partner, by its id. */
  partners: z.record(text, changes).optional(),
  /** By our code of the location. */
  locations: z
    .record(
      text,
      z.strictObject({
        priority: count(0, 10_000).optional(),
        fixedCost: amount.optional(),
        unitCost: amount.optional(),
        /** Why it takes nothing. */
        closed: text.optional(),
      }),
    )
    .optional(),
});

export type WhatIf = z.output<typeof whatIfSchema>;

/** A file that says another policy, or what is wrong with it at its lines. Keys that are not given are absent. */
export async function loadWhatIf(file: string): Promise<{ readonly value: WhatIf } | { readonly problems: readonly Problem[] }> {
  const read = await readYaml(file);
  return 'problems' in read ? read : validate(whatIfSchema, [{ yaml: read.yaml, prefix: [] }]);
}
