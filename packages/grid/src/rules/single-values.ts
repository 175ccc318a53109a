import type { LooseItem } from '../loose-file.ts';
import type { Rule } from './rule.ts';

/** Values that must agree with their neighbours in the same object. */
export const singleValues: Rule = (file, { errors, warnings }) => {
  const number = (item: LooseItem | null, field: string): number | null => {
    const value = item?.[field];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const min = number(file.limits, 'minVoltage_pu') ?? 0.95;
  const max = number(file.limits, 'maxVoltage_pu') ?? 1.05;
  const emergencyMin = number(file.limits, 'emergencyMinVoltage_pu');
  if (min >= max) {
    errors.push({
      path: 'limits',
      message: `minVoltage_pu ${min} is not below maxVoltage_pu ${max}; expected minVoltage_pu < maxVoltage_pu`,
    });
  }
  if (emergencyMin !== null && emergencyMin > min) {
    errors.push({
      path: 'limits.emergencyMinVoltage_pu',
      message: `expected at most minVoltage_pu ${min}, got ${emergencyMin}`,
    });
  }
  for (const [collection, rated, emergency] of [
    ['lines', 'rated_A', 'emergency_A'],
    ['transformers', 'rated_MVA', 'emergency_MVA'],
  ] as const) {
    file.items[collection].forEach((item, position) => {
      const normal = number(item, rated);
      const short = number(item, emergency);
      if (normal !== null && short !== null && short < normal) {
        warnings.push({
          path: `${collection}[${position}].${emergency}`,
          message: `${short} is below ${rated} ${normal}; expected an emergency rating of at least the normal one`,
        });
      }
    });
  }
  for (const collection of ['substations', 'nodes'] as const) {
    file.items[collection].forEach((item, position) => {
      const lon = number(item, 'lon');
      const lat = number(item, 'lat');
      const path = `${collection}[${position}]`;
      if ((lon === null) !== (lat === null)) {
        warnings.push({ path, message: 'has only one of lon and lat; expected both or neither' });
      } else if (lon !== null && lat !== null && (Math.abs(lon) > 180 || Math.abs(lat) > 90)) {
        warnings.push({
          path,
          message: `lon ${lon}, lat ${lat} is no place on earth; expected degrees (WGS 84)`,
        });
      }
    });
  }
};
