/** A value that tells when it changes, and the tie between it and an element that draws it. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Store<T extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(private current: T) {}

  get value(): Readonly<T> {
    return this.current;
  }

  /** Changes some of the value's fields; who listens is told once. */
  set(change: Partial<T>): void {
    this.current = { ...this.current, ...change };
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Draws an element anew whenever a store changes, while the element is in the page. */
export class Watch<T extends object> implements ReactiveController {
  private stop: (() => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly store: Store<T>,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.stop = this.store.subscribe(() => this.host.requestUpdate());
  }

  hostDisconnected(): void {
    this.stop?.();
  }
}
