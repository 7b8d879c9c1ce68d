/** Puts charts one below the other into a picture, with their names and what their colours mean. */

export interface Part {
  title: string;
  canvas: HTMLCanvasElement;
  legend: { name: string; colour: string; isTwin: boolean }[];
}

const [MARGIN, HEAD, GAP] = [24, 44, 16];

export async function pictureOf(title: string, parts: readonly Part[], style: CSSStyleDeclaration): Promise<Blob> {
  const density = devicePixelRatio;
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const width = Math.max(...parts.map(({ canvas }) => canvas.width / density), 320) + 2 * MARGIN;
  const height = parts.reduce((sum, { canvas }) => sum + HEAD + canvas.height / density + GAP, MARGIN + 36);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(width * density), Math.ceil(height * density)];
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.scale(density, density);
  context.fillStyle = colour('--surface');
  context.fillRect(0, 0, width, height);
  const write = (text: string, x: number, y: number, font: string, name: string): number => {
    context.font = `${font} system-ui, sans-serif`;
    context.fillStyle = colour(name);
    context.fillText(text, x, y);
    return x + context.measureText(text).width;
  };
  let top = MARGIN + 18;
  write(title, MARGIN, top, '700 18px', '--ink');
  top += 18;
  for (const part of parts) {
    let left = write(part.title, MARGIN, top + 22, '650 14px', '--ink') + 20;
    for (const { name, colour: of, isTwin } of part.legend) {
      context.fillStyle = colour(of);
      for (const x of isTwin ? [0, 10] : [0, 5, 10]) context.fillRect(left + x, top + 16, isTwin ? 7 : 6, 3);
      left = write(name, left + 22, top + 22, '400 13px', '--muted') + 16;
    }
    context.drawImage(part.canvas, MARGIN, top + HEAD - 8, part.canvas.width / density, part.canvas.height / density);
    top += HEAD + part.canvas.height / density + GAP;
  }
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/png'));
}
