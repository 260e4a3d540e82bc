import { fieldText } from '../tree.ts';
import { asText, compileExpression, isFailure, readsDocument } from './evaluate.ts';
import { parseExpression } from './expression.ts';
import type { Needs } from './presence.ts';
import { spend, type Failure, type Frame } from './run.ts';
import { below, member, problem, selectorOf, type Content, type Scope } from './scope.ts';
import type { Rule } from './types.ts';

/** What makes a value before it is changed. `sourced` says whether it reads the document. */
export type Source = { readonly read: (frame: Frame) => string | undefined | Failure; readonly sourced: boolean; readonly needs?: Needs };

/** `const: text` */
export function constant(content: Content, _rule: Rule, scope: Scope): Source | undefined {
  const value = content['const'];
  if (typeof value !== 'string' && typeof value !== 'boolean') return problem(below(scope, 'const'), 'const takes a text');
  const text = String(value);
  return { read: () => text, sourced: false };
}

/** `{ qualified: UP, in: PO106-PO125 }`: the value behind the first of the qualifiers that is there. */
export function qualified(content: Content, _rule: Rule, scope: Scope): Source | undefined {
  const listed = content['qualified'];
  const qualifiers: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  if (qualifiers.length === 0 || !qualifiers.every((one) => typeof one === 'string'))
    return problem(below(scope, 'qualified'), 'qualified takes a qualifier or a list of them');
  const pairs = pairsOf(member(content, 'in'), below(scope, 'in'));
  return (
    pairs && {
      sourced: true,
      needs: pairs.needs,
      read: (frame) => {
        const found = pairs.read(frame);
        for (const qualifier of qualifiers) for (const pair of found) if (pair[0] === qualifier && pair[1] !== '') return pair[1];
        return '';
      },
    }
  );
}

type Pairs = { readonly read: (frame: Frame) => readonly (readonly [string, string])[]; readonly needs: Needs };

/** The qualifier and value pairs of a range of elements; pairs without either are left out. */
export function pairsOf(content: unknown, scope: Scope): Pairs | undefined {
  const selector = selectorOf(content, scope);
  if (!selector) return undefined;
  const { element } = selector.path;
  if (element?.to === undefined) return problem(scope, 'a range of elements such as PO106-PO125 is expected here');
  const { to } = element;
  const read: Pairs['read'] = (frame) => {
    const node = selector.first(frame);
    frame.run.at = node?.at ?? frame.run.at;
    const pairs: (readonly [string, string])[] = [];
    const { fields } = node ?? {};
    if (!fields) return pairs;
    for (let i = element.element - 1; i + 1 < to && i + 1 < fields.length; i += 2) {
      spend(frame.run, 1);
      const qualifier = fieldText(fields[i]);
      const value = fieldText(fields[i + 1]);
      if (qualifier !== '' && value !== '') pairs.push([qualifier, value]);
    }
    return pairs;
  };
  return { read, needs: selector.needs };
}

/** `expr: …` */
export function expression(content: Content, _rule: Rule, scope: Scope): Source | undefined {
  const text = content['expr'];
  if (typeof text !== 'string') return problem(below(scope, 'expr'), 'expr takes an expression');
  const parsed = parseExpression(text, scope.compilation.elementsIn);
  if ('problem' in parsed) return problem(below(scope, 'expr'), parsed.problem);
  const run = compileExpression(parsed);
  return {
    sourced: readsDocument(parsed),
    read: (frame) => {
      const value = run(frame);
      return isFailure(value) ? value : asText(value);
    },
  };
}
