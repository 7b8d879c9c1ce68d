/**
 * `vars`: custom properties of one element. Lit's own `styleMap` writes a style attribute at first, which the
 * server's content policy forbids; properties set by script are allowed.
 */

import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

class Vars extends Directive {
  render(_: Record<`--${string}`, string>): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [values]: [Record<`--${string}`, string>]): unknown {
    for (const [name, value] of Object.entries(values)) (element as HTMLElement | SVGElement).style.setProperty(name, value);
    return noChange;
  }
}

export const vars = directive(Vars);
