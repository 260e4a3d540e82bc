import { answerAsVendor } from './vendor.ts';
import { answerAsWarehouse } from './warehouse.ts';
import { answerAsXmlWarehouse } from './xml-warehouse.ts';
import { makePeer, readOurs } from './x12-peer.ts';
import type { Drop } from './x12-peer.ts';

/** What a simulated partner drops in answer to a file of ours. */
export type Answer = (name: string, bytes: Uint8Array) => Promise<readonly Drop[]>;

/** The partners of the sample company, each answering as its kind does. Those who only collect drop nothing. */
export function makePartners(today: string): Readonly<Record<string, Answer>> {
  const northwind = makePeer(500);
  const pinecrest = makePeer(700);
  return {
    acme: acknowledging(900),
    juniper: acknowledging(950),
    willow: acknowledging(970),
    magnolia: acknowledging(990),
    northwind: async (_name, bytes) => answerAsWarehouse(northwind, '0731882', bytes),
    pinecrest: async (_name, bytes) => answerAsVendor(pinecrest, '0862200', bytes),
    harbor: (_name, bytes) => answerAsXmlWarehouse('0745511', bytes, today),
    bluebird: async () => [],
    cedar: async () => [],
    fjord: async () => [],
    maple: async () => [],
    linden: async () => [],
  };
}

/** A partner who only acknowledges what it gets. */
function acknowledging(first: number): Answer {
  const peer = makePeer(first);
  return async (_name, bytes) => {
    const answer = peer.acknowledge(readOurs(bytes));
    return answer ? [answer] : [];
  };
}
