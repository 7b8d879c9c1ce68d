/** Fetches the charts when the first one is drawn: the room is there before them. */

import styles from 'uplot/dist/uPlot.min.css?inline';

export { styles };
export type { Plot, Series } from './plot';
export type Plots = typeof import('./plot');

let loaded: Plots | null = null;

/** The charts if they are there; else they are fetched, and `then` is called once they are. */
export function plots(then: () => void): Plots | null {
  if (loaded === null) {
    void import('./plot').then((module) => {
      loaded = module;
      then();
    });
  }
  return loaded;
}
