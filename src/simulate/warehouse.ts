import { makeSscc } from '../orders/identifiers.ts';
import { fieldText, childrenNamed, child } from '../tree.ts';
import type { Node } from '../tree.ts';
import { readOurs, segment } from './x12-peer.ts';
import type { Drop, X12Peer } from './x12-peer.ts';

const element = (node: Node | undefined, number: number): string => fieldText(node?.fields?.[number - 1]);

/** A warehouse that speaks X12: acknowledges what it gets, and ships each 940 whole, a carton a line. */
export function answerAsWarehouse(peer: X12Peer, prefix: string, bytes: Uint8Array): readonly Drop[] {
  const received = readOurs(bytes);
  const orders = received.sets.filter(({ type }) => type === '940');
  const shipped = orders.map(({ tree }) => shippingAdvice(tree, prefix));
  const acknowledgment = peer.acknowledge(received);
  return [...(acknowledgment ? [acknowledgment] : []), ...(shipped.length > 0 ? [peer.write('945', shipped, received)] : [])];
}

function shippingAdvice(order: Node, prefix: string): Node {
  const w05 = child(order, 'W05');
  const number = element(w05, 2);
  const date = element(childrenNamed(order, 'G62')[0], 2);
  const shipTo = childrenNamed(order, 'N1').find((party) => element(party, 1) === 'ST');
  const lines = childrenNamed(order, 'LX');
  const total = lines.reduce((sum, line) => sum + Number(element(child(line, 'W01'), 1)), 0);
  return {
    name: '945',
    children: [
      segment('W06', ['N', number, date, `BL${number}`, '', element(w05, 3)]),
      segment('N1', ['ST', element(shipTo, 2), element(shipTo, 3), element(shipTo, 4)]),
      segment('N9', ['BM', `BL${number}`]),
      segment('G62', ['11', date]),
      segment('W27', ['M', 'RDWY', 'Roadway']),
      ...lines.map((line, index) => carton(line, index, makeCartonCode(prefix, number, index))),
      segment('W03', [String(total), String(total * 2), 'LB', '', '', String(lines.length), 'CT']),
    ],
  };
}

function carton(line: Node, index: number, sscc: string): Node {
  const asked = child(line, 'W01');
  const quantity = element(asked, 1);
  const ids = [4, 5, 6, 7].map((number) => element(asked, number));
  const ref = [...childrenNamed(asked!, 'N9'), ...childrenNamed(line, 'N9')].find((each) => element(each, 1) === 'LI');
  return segment(
    'LX',
    [String(index + 1)],
    [
      segment('MAN', ['GM', sscc]),
      segment('W12', ['CC', quantity, quantity, '0', element(asked, 2), '', ids[0]!, ids[1]!], [segment('N9', ['LI', element(ref, 2)])]),
    ],
  );
}

/** An SSCC that no other carton of the demonstration has: its serial is made of our number and the carton's. */
export function makeCartonCode(prefix: string, number: string, index: number): string {
  return makeSscc(0, prefix, BigInt(`${number.replaceAll(/\D/g, '')}${index}`));
}
