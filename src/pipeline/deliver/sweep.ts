import { stagedWork } from '../../store/deliveries.ts';
import type { OpenChannel, PipelineContext } from '../context.ts';

/** Temporary files of ours that are younger may belong to a process that still works on them. */
const OLD = 24 * 3_600_000;

/**
 * Removes the temporary files that processes left at a partner when they were ended before they could note them; partners do not see them, but their
 * disks fill. Where one is noted, nothing is removed: that it is gone would mean that it was delivered.
 */
export async function sweepTemporary(context: PipelineContext, { key, transport }: OpenChannel): Promise<void> {
  if (await context.db.read((tx) => stagedWork(tx, key))) return;
  const swept = await transport.sweep(context.now() - OLD);
  if (swept > 0) context.log.info('temporary files of earlier processes were removed', { channel: key, count: swept });
}
