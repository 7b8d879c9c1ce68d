/** Reads server-sent events from an answer. `EventSource` can't: it sends no header with the queue token. */

/** The data of each event, in order. Comments and other fields are passed over. */
export async function* eventsOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let read = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (read + value).split('\n\n');
      read = events.pop() ?? '';
      for (const event of events) {
        const lines = event.split('\n').filter((line) => line.startsWith('data:'));
        if (lines.length > 0) yield lines.map((line) => line.slice(5).replace(/^ /, '')).join('\n');
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
