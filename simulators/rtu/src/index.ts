export { generatePointList } from './point-list.ts';
export { ScenarioFile } from './scenario.ts';
export {
  startSimulation,
  type RunningSimulation,
  type SimulationOptions,
} from './start-simulation.ts';
export { MemoryNetwork } from './wire/memory-network.ts';
export { sockets, type Network } from './wire/network.ts';
export { FaultProxy, type WireFaults } from './wire/fault-proxy.ts';
