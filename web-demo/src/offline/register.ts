/** Has the browser keep the pages for when there is no network, once they are there and nobody waits for anything. */

/** Where there are no service workers (plain http beyond this machine), the pages work as long as the server does. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = (): void => void navigator.serviceWorker.register('./sw.js').catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
