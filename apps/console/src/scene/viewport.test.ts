import { expect, test } from 'vitest';
import {
  centredOn,
  fitScales,
  fitted,
  toDiagram,
  toScreen,
  workingZoom,
  zoomedAt,
} from './viewport.ts';

const diagram = { width: 1400, height: 1800 };
const pane = { width: 1120, height: 840 };

test('the fitted picture lies wholly inside the pane', () => {
  const view = fitted(diagram, pane);
  const [x0, y0] = toScreen(view, 0, 0);
  const [x1, y1] = toScreen(view, diagram.width, diagram.height);
  expect(Math.min(x0, y0)).toBeGreaterThanOrEqual(0);
  expect(x1).toBeLessThanOrEqual(pane.width);
  expect(y1).toBeLessThanOrEqual(pane.height);
});

test('zooming keeps the point under the pointer where it is', () => {
  const view = fitted(diagram, pane);
  const before = toDiagram(view, 300, 200);
  const after = toDiagram(zoomedAt(view, fitScales(diagram, pane), 2.5, 300, 200), 300, 200);
  expect(after[0]).toBeCloseTo(before[0], 6);
  expect(after[1]).toBeCloseTo(before[1], 6);
});

test('a centred point stands in the middle of the pane', () => {
  const view = centredOn(fitted(diagram, pane), pane, 100, 900);
  expect(toScreen(view, 100, 900)).toEqual([560, 420]);
});

test('a whole province can be looked at as near as it is designed for, and nearer', () => {
  const province = { width: 9_300, height: 35_700 };
  const fit = fitScales(province, pane);
  const working = zoomedAt(fitted(province, pane), fit, workingZoom(fit), 0, 0);
  expect(Math.min(working.scaleX, working.scaleY)).toBeCloseTo(1, 6);
  const near = zoomedAt(working, fit, 1_000, 0, 0);
  expect(Math.min(near.scaleX, near.scaleY)).toBeGreaterThanOrEqual(4);
});
