import { z } from 'zod';
import { EvidenceFile } from './evidence.ts';
import { ForecastFile } from './forecast.ts';
import { GridFile } from './grid-file.ts';
import { Plan } from './plan.ts';
import { PointListFile } from './points.ts';

/**
 * JSON Schemas (draft 2020-12) of the file formats, generated from the schemas that parse them;
 * the key is the file name in `docs/schemas`. Unknown fields are allowed there as they are here:
 * a reader warns and goes on.
 */
export function fileFormatSchemas(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    'relight-grid-1': describe(GridFile, 'Grid: relight-grid/1'),
    'relight-evidence-1': describe(EvidenceFile, 'Fault evidence: relight-evidence/1'),
    'relight-forecast-1': describe(ForecastFile, 'Forecast: relight-forecast/1'),
    'relight-plan-1': describe(Plan, 'Plan: relight-plan/1'),
    'relight-points-1': describe(PointListFile, 'Points: relight-points/1'),
  };
}

function describe(schema: z.ZodType, title: string): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { $schema, title, ...rest };
}
