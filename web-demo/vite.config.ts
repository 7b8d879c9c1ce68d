import { defineConfig } from 'vite';
import { offline } from './offline';

/** The server that `npm run dev` and `npx vite preview` hand API calls to. */
const server = process.env['FRONTROW_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Relative, so that the pages work at any path.
  base: './',
  plugins: [offline()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  worker: { format: 'es' },
  // The engine is a package beside this folder.
  server: { proxy: { '/v1': server }, fs: { allow: ['.', '../wasm/pkg'] } },
  preview: { proxy: { '/v1': server } },
});
