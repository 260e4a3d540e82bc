/**
 * Megabytes of objects that a process still needs: what is left of its heap after garbage was collected, by its inspector (Chrome DevTools Protocol).
 * `address` is what Node told on its standard error when it was started with `--inspect`. @throws Error when the inspector cannot be reached.
 */
export async function liveHeap(address: string): Promise<number> {
  const socket = new WebSocket(address);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(`the inspector at ${address} does not answer`)), { once: true });
  });
  try {
    await ask(socket, 1, 'HeapProfiler.collectGarbage');
    const { usedSize } = await ask(socket, 2, 'Runtime.getHeapUsage');
    return Number(usedSize) / 1e6;
  } finally {
    socket.close();
  }
}

type Answer = { readonly id: number; readonly result: Readonly<Record<string, unknown>> };

function ask(socket: WebSocket, id: number, method: string): Promise<Answer['result']> {
  const answered = new Promise<Answer['result']>((resolve, reject) => {
    const read = ({ data }: MessageEvent): void => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id !== id) return;
      socket.removeEventListener('message', read);
      resolve(answer.result);
    };
    socket.addEventListener('message', read);
    socket.addEventListener('close', () => reject(new Error('the inspector went away')), { once: true });
  });
  socket.send(JSON.stringify({ id, method }));
  return answered;
}
