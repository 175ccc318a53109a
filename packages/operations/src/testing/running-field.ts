import { ScriptedField } from './scripted-field.ts';
import { twoFeeders, type TwoFeederOptions } from './two-feeders.ts';

/** The two feeders, read for the first time: half a second after the start. */
export function field(options: TwoFeederOptions = {}): ScriptedField {
  return after(500, options);
}

/** The two feeders ten seconds after the start: what stands open or dead has been told. */
export function steadyField(options: TwoFeederOptions = {}): ScriptedField {
  return after(10_000, options);
}

function after(time_ms: number, options: TwoFeederOptions): ScriptedField {
  const world = new ScriptedField(twoFeeders(options));
  world.run(time_ms);
  return world;
}
