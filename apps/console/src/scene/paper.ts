import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** What has to be made anew, at once, before a sheet is printed and again after it. */
const drawings = new Set<(onPaper: boolean) => void>();

/** @returns Takes the drawing away again. */
export function drawnOnPaper(draw: (onPaper: boolean) => void): () => void {
  drawings.add(draw);
  return () => void drawings.delete(draw);
}

/** True while a sheet is being made: a list then shows all of its rows, in sight or not. */
export function useOnPaper(): boolean {
  const [paper, setPaper] = useState(false);
  useEffect(() => drawnOnPaper((onPaper) => flushSync(() => setPaper(onPaper))), []);
  return paper;
}

/** Pixels along a printed sheet: about 360 to the inch on A4 lying. */
const SHEET_PIXELS = 4_000;
const MOST_FOLD = 3;

/** Pixels of paper for each CSS pixel of a drawing so wide; never fewer than on the screen. */
export function paperRatio(width: number, screenRatio: number): number {
  return Math.max(screenRatio, Math.min(MOST_FOLD, SHEET_PIXELS / Math.max(1, width)));
}

/**
 * Before a sheet is made: first the colours of paper, then every drawing in them; afterwards what
 * the screen had.
 */
export function attachPaper(toPaper: () => void, toScreen: () => void): () => void {
  const drawAll = (onPaper: boolean): void => {
    for (const draw of drawings) draw(onPaper);
  };
  const before = (): void => {
    toPaper();
    drawAll(true);
  };
  const after = (): void => {
    toScreen();
    drawAll(false);
  };
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
  };
}
