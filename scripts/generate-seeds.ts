import { writeFileSync } from 'node:fs';
import { demoTownFile } from '@relight/grid';
import { gridFileText } from './grid-file-text.ts';

// Writes the seed grids that are files; a test checks that the committed ones are current.
writeFileSync(
  new URL('../seeds/grids/demo-town.json', import.meta.url),
  gridFileText(demoTownFile()),
);
