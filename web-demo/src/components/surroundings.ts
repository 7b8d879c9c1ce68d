/** Tells an element that draws by itself when its size or the system's colours changed, while it is in the page. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Surroundings implements ReactiveController {
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly sizes: ResizeObserver;

  constructor(
    private readonly host: ReactiveControllerHost & Element,
    resized: ResizeObserverCallback,
    private readonly forget: () => void,
  ) {
    this.sizes = new ResizeObserver(resized);
    host.addController(this);
  }

  hostConnected(): void {
    this.sizes.observe(this.host);
    this.dark.addEventListener('change', this.recoloured);
  }

  hostDisconnected(): void {
    this.sizes.disconnect();
    this.dark.removeEventListener('change', this.recoloured);
  }

  /** What was drawn has the colours of before. */
  private readonly recoloured = (): void => {
    this.forget();
    this.host.requestUpdate();
  };
}
