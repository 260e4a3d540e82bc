import { child, childrenNamed, fieldText } from '../tree.ts';
import type { Node } from '../tree.ts';
import { makeCartonCode } from './warehouse.ts';
import { readOurs, segment } from './x12-peer.ts';
import type { Drop, X12Peer } from './x12-peer.ts';

const element = (node: Node | undefined, number: number): string => fieldText(node?.fields?.[number - 1]);

/** A vendor that speaks X12: acknowledges what it gets, and ships each 850 whole in one carton. */
export function answerAsVendor(peer: X12Peer, prefix: string, bytes: Uint8Array): readonly Drop[] {
  const received = readOurs(bytes);
  const notices = received.sets.filter(({ type }) => type === '850').map(({ tree }) => shipNotice(tree, prefix));
  const acknowledgment = peer.acknowledge(received);
  return [...(acknowledgment ? [acknowledgment] : []), ...(notices.length > 0 ? [peer.write('856', notices, received)] : [])];
}

function shipNotice(order: Node, prefix: string): Node {
  const number = element(child(order, 'BEG'), 3);
  const date = element(child(order, 'BEG'), 5);
  const items = childrenNamed(order, 'PO1').map((line) =>
    segment(
      'HL',
      ['', '', 'I'],
      [segment('LIN', [element(line, 1), element(line, 6), element(line, 7)]), segment('SN1', [element(line, 1), element(line, 2), element(line, 3)])],
    ),
  );
  const carton = segment('HL', ['', '', 'P'], [segment('MAN', ['GM', makeCartonCode(prefix, number, 0)]), ...items]);
  const ordered = segment('HL', ['', '', 'O'], [segment('PRF', [number]), carton]);
  const shipment = segment(
    'HL',
    ['', '', 'S'],
    [segment('TD5', ['B', '2', 'FXFE', 'M']), segment('REF', ['BM', `PF${number}`]), segment('DTM', ['011', date]), ordered],
  );
  return { name: '856', children: [segment('BSN', ['00', `PF${number}`, date, '1200', '0001']), shipment] };
}
