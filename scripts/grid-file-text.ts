import type { GridFile } from '@relight/contract';

/** A grid file as text: one object a line, so that a diff shows the equipment that changed. */
export function gridFileText(file: GridFile): string {
  const members = Object.entries(file).map(([key, value]) => {
    if (!Array.isArray(value)) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const items = value.map((item) => `    ${JSON.stringify(item)}`);
    return `  ${JSON.stringify(key)}: [\n${items.join(',\n')}\n  ]`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}
