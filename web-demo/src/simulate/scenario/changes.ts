/** What one scenario differs in from another, as paths and values: `admission.batch_size`, `halls.0.sections.1.rows`. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Changes = Record<string, Json>;

type Node = { [key: string]: Json };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Whether the two have the same parts, so that they can be compared part by part. */
function alike(left: Node, right: Node): boolean {
  if (Array.isArray(left) !== Array.isArray(right) || left['kind'] !== right['kind']) return false;
  const [ours, theirs] = [Object.keys(left), Object.keys(right)];
  return ours.length === theirs.length && ours.every((key) => Object.hasOwn(right, key));
}

/** The changes that make `to` of `from`. */
export function differences(from: unknown, to: unknown, path = ''): Changes {
  if (!isNode(from) || !isNode(to) || (path !== '' && !alike(from, to))) {
    return JSON.stringify(from) === JSON.stringify(to) ? {} : { [path]: to as Json };
  }
  const parts = Object.keys(to).map((key) => differences(from[key], to[key], path === '' ? key : `${path}.${key}`));
  return Object.assign({}, ...parts) as Changes;
}

/** What stands at a path; `undefined` if nothing does. */
export function at(value: unknown, path: string): Json | undefined {
  let node: unknown = value;
  for (const key of path.split('.')) {
    if (!isNode(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return node as Json | undefined;
}

/** A copy in which another value stands at a path. What has no such place stays as it is. */
export function changed<T>(value: T, path: string, to: Json): T {
  const [key = '', ...rest] = path.split('.');
  if (!isNode(value) || !Object.hasOwn(value, key)) return value;
  const copy = (Array.isArray(value) ? [...(value as Json[])] : { ...value }) as Node;
  copy[key] = rest.length === 0 ? to : changed(copy[key] as Json, rest.join('.'), to);
  return copy as T;
}

/** A copy with all changes; those that have no place in it are left out. */
export function applied<T>(value: T, changes: Changes): T {
  return Object.entries(changes).reduce((made, [path, to]) => changed(made, path, to), value);
}
