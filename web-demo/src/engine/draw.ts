/** The check of a draw, in this page: the engine is fetched when somebody asks for it. */

export type VerifyDraw = (seed: string, commitment: string, beaconValue: string | null, arrivals: number, arrivalNumber: number) => number;

export async function loadVerifyDraw(): Promise<VerifyDraw> {
  const { default: init, verifyDraw } = await import('@frontrow/wasm');
  await init();
  return verifyDraw;
}
