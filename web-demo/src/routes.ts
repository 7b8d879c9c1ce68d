/** The rooms: what address each has, and how it is fetched. What goes on in them is in `rooms/`. */

import { html } from 'lit';

export type Room = 'play' | 'simulate' | 'live' | 'operate';

interface Route {
  hash: string;
  /** The word of `texts().app` that names it. */
  title: 'play' | 'simulate' | 'book' | 'operate';
  load: () => Promise<unknown>;
  element: () => unknown;
}

export const ROOMS: Record<Room, Route> = {
  play: { hash: '#/play', title: 'play', load: () => import('./rooms/play-room'), element: () => html`<play-room></play-room>` },
  simulate: { hash: '#/simulate', title: 'simulate', load: () => import('./rooms/simulate-room'), element: () => html`<simulate-room></simulate-room>` },
  live: { hash: '#/live', title: 'book', load: () => import('./rooms/live-room'), element: () => html`<live-room></live-room>` },
  operate: { hash: '#/live/operate', title: 'operate', load: () => import('./rooms/operator-room'), element: () => html`<operator-room></operator-room>` },
};

/** The room that an address names; any other address is the start page's. */
export function roomOf(hash: string): Room {
  const path = hash.split('?', 1)[0] ?? '';
  if (path.startsWith('#/live/operate')) return 'operate';
  if (path.startsWith('#/live')) return 'live';
  return path.startsWith('#/simulate') ? 'simulate' : 'play';
}
