import type { DarkPart } from '@relight/contract';
import type { PlannedRestoration } from '@relight/flisr';
import { sectionEquipment, type Network } from '@relight/topology';

/** Sections with load that a plan leaves dark, most customers first, each with its reason. */
export function darkParts(network: Network, planned: PlannedRestoration): readonly DarkPart[] {
  const customers = new Float64Array(network.sectionCount);
  const active_kW = new Float64Array(network.sectionCount);
  network.grid.loads.forEach((load) => {
    const section = network.nodeSection[load.node] ?? -1;
    customers[section] = (customers[section] ?? 0) + load.customers;
    active_kW[section] = (active_kW[section] ?? 0) + load.activePower / 1000;
  });
  return planned.staysDark
    .map(({ section, why }) => ({
      equipment: [...sectionEquipment(network, section)],
      customers: customers[section] ?? 0,
      p_kW: Math.round((active_kW[section] ?? 0) * 1000) / 1000,
      because: why.en,
      becauseVi: why.vi,
    }))
    .filter((part) => part.customers > 0 || part.p_kW !== 0);
}
