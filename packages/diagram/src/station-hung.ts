import type { GridFile } from '@relight/contract';
import type { SymbolKind } from './diagram.ts';
import { byId, type NormalTree } from './normal-tree.ts';

/** Equipment with one terminal that hangs on a node of a station. */
export interface Hung {
  readonly id: string;
  readonly kind: SymbolKind;
  readonly name: string | undefined;
}

/** Equipment with one terminal, by node. */
export function hungEquipment(file: GridFile, tree: NormalTree): Map<number, Hung[]> {
  const map = new Map<number, Hung[]>();
  const add = (
    kind: SymbolKind,
    list: readonly { id: string; node: string; name?: string | undefined }[] | undefined,
  ): void => {
    for (const { id, node, name } of [...(list ?? [])].sort(byId)) {
      const n = tree.nodeIndex.get(node) ?? -1;
      map.set(n, [...(map.get(n) ?? []), { id, kind, name }]);
    }
  };
  add('source', file.sources);
  add('groundDisconnector', file.groundDisconnectors);
  add('capacitor', file.shunts);
  add('generator', file.generators);
  return map;
}
