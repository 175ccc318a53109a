import { expect, test } from 'vitest';
import type { SymbolKind } from '@relight/diagram';
import { PHASE_ORDER_SYMBOL, TAG_SYMBOLS } from '../tags/tag-marks.ts';
import { symbolName } from './draw-symbols.ts';
import sheet from './symbols.svg?raw';

const KINDS: Readonly<Record<SymbolKind, true>> = {
  breaker: true,
  recloser: true,
  loadBreakSwitch: true,
  disconnector: true,
  sectionaliser: true,
  fuse: true,
  transformer: true,
  source: true,
  load: true,
  generator: true,
  faultIndicator: true,
  capacitor: true,
  groundDisconnector: true,
};
const LOOKS = ['closed', 'open', 'mid', 'bad'] as const;
const drawn = new Set([...sheet.matchAll(/<symbol id="([^"]+)"/gu)].map((match) => match[1]));

test('every kind of device has a symbol for every state, so that none is drawn as nothing', () => {
  for (const kind of Object.keys(KINDS) as SymbolKind[])
    for (const look of LOOKS)
      expect([kind, look, drawn.has(symbolName(kind, look))]).toEqual([kind, look, true]);
});

test('every kind of tag, and a phase order in doubt, has a sign of its own', () => {
  const signs = [...Object.values(TAG_SYMBOLS), PHASE_ORDER_SYMBOL];
  expect(signs.every((sign) => drawn.has(sign))).toBe(true);
  expect(new Set(signs).size).toBe(signs.length);
});

test('no two states of a device share a symbol', () => {
  for (const kind of Object.keys(KINDS) as SymbolKind[]) {
    const shapes = LOOKS.map((look) => {
      const name = symbolName(kind, look);
      return new RegExp(`<symbol id="${name}"[^>]*>(.*?)</symbol>`, 'su').exec(sheet)?.[1];
    });
    expect([kind, new Set(shapes).size]).toEqual([kind, LOOKS.length]);
  }
});
