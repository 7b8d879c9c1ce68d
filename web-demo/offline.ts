/** A plugin of the build: writes the service worker that keeps the pages for when there is no network. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** What the worker does with its list; it is no module, and nothing of the page runs in it. */
const SOURCE = new URL('./src/offline/sw.js', import.meta.url);

/** Everything that is built is kept, under a name that changes with any of it. */
export function offline(): Plugin {
  return {
    name: 'frontrow-offline',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const hash = createHash('sha256');
      const files = ['./', './icon.svg'];
      for (const [name, output] of Object.entries(bundle).sort(([a], [b]) => a.localeCompare(b))) {
        hash.update(name).update(output.type === 'chunk' ? output.code : output.source);
        if (name !== 'index.html') files.push(`./${name}`);
      }
      const version = hash.digest('hex').slice(0, 16);
      const source = `const VERSION = '${version}';\nconst FILES = ${JSON.stringify(files)};\n${readFileSync(SOURCE, 'utf8')}`;
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}
