/** A part of the story: the file that starts it, and what each partner must have got in the end, by the beginnings of the file names. */
export type Chapter = {
  readonly title: string;
  readonly partner: string;
  readonly sample: string;
  readonly name: string;
  readonly expect: Readonly<Record<string, readonly string[]>>;
};

export const chapters: readonly Chapter[] = [
  {
    title: 'Acme orders by X12; two warehouses ship',
    partner: 'acme',
    sample: 'samples/acme/happy-path/in.edi',
    name: 'po-4500012345.edi',
    expect: { acme: ['997', '855', '856', '856', '810', '810'], northwind: ['940', '997'], harbor: ['order'] },
  },
  {
    title: 'Bluebird orders by CSV, two orders in a file',
    partner: 'bluebird',
    sample: 'samples/bluebird/two-orders/in.csv',
    name: 'orders.csv',
    expect: { bluebird: ['confirmation', 'confirmation', 'shipment', 'shipment', 'invoice', 'invoice'] },
  },
  {
    title: 'Cedar orders by XML of its own',
    partner: 'cedar',
    sample: 'samples/cedar/order/in.xml',
    name: 'order.xml',
    expect: { cedar: ['confirmation', 'shipment', 'invoice'] },
  },
  {
    title: 'Acme orders furniture; the vendor ships it straight to the store',
    partner: 'acme',
    sample: 'samples/acme/drop-ship/in.edi',
    name: 'po-4500012900.edi',
    expect: { acme: ['997', '855', '856', '810'], pinecrest: ['850', '997'] },
  },
  {
    title: 'Juniper, whose goods we store, has them shipped',
    partner: 'juniper',
    sample: 'samples/juniper/order/in.edi',
    name: 'order-j-2001.edi',
    expect: { juniper: ['997', '945'], northwind: ['940', '997'] },
  },
];
