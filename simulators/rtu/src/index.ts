export { generatePointList } from './point-list.ts';
export { ScenarioFile } from './scenario.ts';
export {
  startSimulation,
  type RunningSimulation,
  type SimulationOptions,
} from './start-simulation.ts';
export { FaultProxy, type WireFaults } from './wire/fault-proxy.ts';
