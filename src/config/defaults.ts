/**
 * What holds where neither a partner file, its template nor `defaults` in config/gateway.yaml says otherwise, as one would
 * write it in YAML. Every default of the configuration stands here.
 */
export const defaults = {
  country: 'US',
  mssql: { port: '1433', schema: 'wharf', encrypt: 'true', trustServerCertificate: 'false' },
  limits: {
    fileBytes: '200MB',
    segmentBytes: '64KB',
    documentBytes: '16MB',
    filesPerPoll: '1000',
  },
  intervals: {
    poll: '5s',
    quiet: '2s',
    idle: '1s',
    claim: '30s',
    acknowledgments: '1m',
    drain: '30s',
    retryFirst: '2s',
    retryLongest: '5m',
    retryAttempts: '12',
  },
  log: { level: 'info' },
  channel: { pattern: '*', encoding: 'utf-8' },
  sftp: { port: '22', connect: '20s', operation: '60s' },
  x12: {
    version: '004010',
    delimiters: { element: '*', component: '>', repetition: '^', segment: '~', newline: '\n' },
    ackRequested: 'false',
    upperCase: 'false',
    characters: 'extended',
    onForbidden: 'refuse',
  },
  acknowledgments: { kind: '997', detail: 'all', tolerance: 'strict', ta1: 'requested', file: '{document}_{control}.edi', expectWithin: '24h' },
  duplicates: { interchange: 'acknowledge-again', order: 'hold', window: '365d' },
  allocation: {
    tier: '2',
    completeness: 'partial',
    remainder: 'backorder',
    splitLimit: '4',
    splitLines: 'true',
    prefer: 'fewest-shipments',
    splitPenalty: '0',
    belowMinimum: 'wait',
    minimumFill: '0',
  },
  prices: { tolerance: { percent: '0', absolute: '0' }, onMismatch: 'hold', onMissing: 'ours' },
  response: { when: 'allocated', within: '24h' },
  shipNotice: { within: '4h' },
  invoice: { when: 'shipment', overship: '0' },
  warehouse: { priority: '100', shipCost: '0', unitCost: '0', leadTime: '0d' },
} as const;
