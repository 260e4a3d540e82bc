import type { Config, Partner } from '../../config/types.ts';
import type { DefinitionOverride, LeniencyRule, X12Limits, X12ReadOptions } from '../../formats/x12/types.ts';
import { channelEncoding, x12Encoding } from '../encoding.ts';

/** How the reader of X12 is told of our limits, and of a partner's encoding, guide and leniency. */
export function readOptions(config: Config, file: { readonly partner: string | undefined; readonly channel?: string }): X12ReadOptions {
  const partner = file.partner === undefined ? undefined : config.partners.get(file.partner);
  return {
    limits: limitsOf(config),
    encoding: partner ? x12Encoding(channelEncoding(partner, file.channel)) : 'auto',
    leniency: (partner?.leniency ?? []).map((rule): LeniencyRule => ({
      code: rule.code,
      severity: rule.treat,
      ...(rule.set ? { set: rule.set } : {}),
      ...(rule.segment ? { segment: rule.segment } : {}),
      ...(rule.element ? { element: rule.element } : {}),
    })),
    overrides: partner ? overridesOf(partner) : [],
    acceptErrors: partner?.acknowledgments.tolerance === 'lenient',
  };
}

function limitsOf({ limits }: Config): Partial<X12Limits> {
  const { segmentBytes, elementBytes, documentBytes, documentSegments, levels } = limits;
  return { segmentBytes, elementBytes, setBytes: documentBytes, segmentsPerSet: documentSegments, depth: levels };
}

const overrides = new WeakMap<Partner, readonly DefinitionOverride[]>();

/** What a partner's guide changes in the standard, as the same list each time, since the definitions made of it are kept by it. */
function overridesOf(partner: Partner): readonly DefinitionOverride[] {
  const known = overrides.get(partner);
  if (known) return known;
  const rules = partner.guide.map(
    (rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as unknown as DefinitionOverride,
  );
  overrides.set(partner, rules);
  return rules;
}
