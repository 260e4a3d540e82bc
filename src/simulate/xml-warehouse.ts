import { xml } from '../formats/xml.ts';
import { child, childrenNamed } from '../tree.ts';
import type { Node } from '../tree.ts';
import { makeCartonCode } from './warehouse.ts';
import type { Drop } from './x12-peer.ts';

const value = (node: Node | undefined, name: string): string => (node && child(node, name)?.value) ?? '';

/** A warehouse that speaks its own XML: ships each order whole, a carton a line. */
export async function answerAsXmlWarehouse(prefix: string, bytes: Uint8Array, today: string): Promise<readonly Drop[]> {
  const drops: Drop[] = [];
  for await (const event of xml.read([bytes], { record: '/WarehouseOrder' })) {
    if (event.kind === 'finding') throw new Error(`a partner would refuse this file: ${event.finding.message}`);
    const order = event.message.tree;
    const number = value(order, '@number');
    drops.push({ name: `shipment_${number}.xml`, bytes: xml.write(shipment(order, number, prefix, today), {}) });
  }
  return drops;
}

function shipment(order: Node, number: string, prefix: string, today: string): Node {
  const lines = childrenNamed(order, 'Line');
  const attribute = (name: string, text: string): Node => ({ name: `@${name}`, value: text });
  const cartons = lines.map((line, index): Node => ({
    name: 'Carton',
    children: [
      attribute('sscc', makeCartonCode(prefix, number, index)),
      {
        name: 'Item',
        children: ['sku', 'quantity', 'unit'].map((name) => attribute(name, value(line, `@${name}`))).concat(attribute('line', value(line, '@no'))),
      },
    ],
  }));
  const told = lines.map((line): Node => ({
    name: 'Line',
    children: [
      attribute('no', value(line, '@no')),
      attribute('sku', value(line, '@sku')),
      attribute('ordered', value(line, '@quantity')),
      attribute('shipped', value(line, '@quantity')),
      attribute('unit', value(line, '@unit')),
      attribute('status', 'CC'),
    ],
  }));
  const one: Node = {
    name: 'Shipment',
    children: [
      attribute('id', `HB-${number}`),
      attribute('order', number),
      attribute('date', today),
      { name: 'Carrier', value: 'Harbor Trucking', children: [attribute('scac', 'HBTR'), attribute('mode', 'M')] },
      { name: 'BillOfLading', value: `HBL-${number}` },
      ...cartons,
      ...told,
    ],
  };
  return { name: 'Shipments', children: [one] };
}
