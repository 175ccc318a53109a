/** Drawings that have to be made anew, at once, before a sheet is printed. */
const drawings = new Set<() => void>();

/** @returns Takes the drawing away again. */
export function drawnOnPaper(draw: () => void): () => void {
  drawings.add(draw);
  return () => void drawings.delete(draw);
}

/**
 * Before a sheet is made: first the colours of paper, then every drawing in them; afterwards what
 * the screen had.
 */
export function attachPaper(toPaper: () => void, toScreen: () => void): () => void {
  const drawAll = (): void => {
    for (const draw of drawings) draw();
  };
  const before = (): void => {
    toPaper();
    drawAll();
  };
  const after = (): void => {
    toScreen();
    drawAll();
  };
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
  };
}
