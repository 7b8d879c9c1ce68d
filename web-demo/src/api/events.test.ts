import { expect, test } from 'vitest';
import { eventsOf } from './events';

/** An answer whose body comes in these bits. */
function answer(...bits: string[]): Response {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const bit of bits) controller.enqueue(bytes.encode(bit));
      controller.close();
    },
  });
  return new Response(body);
}

async function told(response: Response): Promise<string[]> {
  const all: string[] = [];
  for await (const event of eventsOf(response)) all.push(event);
  return all;
}

test('events are read whole, however their bits are cut', async () => {
  const text = 'retry:2000\ndata:{"a":1}\n\n:\n\ndata: {"b":"좌석"}\n\n';
  const expected = ['{"a":1}', '{"b":"좌석"}'];
  expect(await told(answer(text))).toEqual(expected);
  expect(await told(answer(...text))).toEqual(expected);
});

test('an event that was cut off is not told', async () => {
  expect(await told(answer('data:1\n\ndata:2\n'))).toEqual(['1']);
  expect(await told(new Response(null))).toEqual([]);
});
