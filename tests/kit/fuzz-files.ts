import { readFileSync } from 'node:fs';
import { checkShape, EvidenceFile, parseJsonText, type FileIssue } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { parsePointList, readPointListCsv, writePointListCsv } from '@relight/gateway';
import { parseForecastText, parseGridText } from '@relight/grid';
import { readConfigurationText } from '../../apps/control-center/src/options.ts';
import { StartError } from '../../apps/control-center/src/start-error.ts';
import { mutatedBytes, mutatedValue, pick } from './mutate.ts';

export interface FuzzFilesResult {
  readonly files: number;
  readonly refused: number;
  /** Exceptions, and refusals that name no place or say nothing; the first twenty. */
  readonly wrong: readonly string[];
}

/** One kind of file: a sound text, and what reads it. An empty list of problems is a yes. */
interface Kind {
  readonly name: string;
  readonly text: string;
  readonly isJson: boolean;
  readonly read: (text: string) => readonly { readonly path?: string; readonly message: string }[];
}

const ROOT = new URL('../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

function json(read: (value: unknown) => readonly FileIssue[]): Kind['read'] {
  return (content) => {
    const parsed = parseJsonText(content);
    return parsed.ok ? read(parsed.value) : [parsed.error];
  };
}

const POINTS = {
  format: 'relight-points/1',
  grid: 'g',
  rtus: [
    { id: 'R1', protocol: 'modbus-tcp', host: '127.0.0.1', port: 502, unitId: 1 },
    {
      id: 'R2',
      protocol: 'opcua',
      endpoint: 'opc.tcp://127.0.0.1:4840',
      security: 'SignAndEncrypt',
    },
  ],
  points: [
    {
      id: 'p1',
      rtu: 'R1',
      equipment: 'S1',
      signal: 'position',
      table: 'inputRegister',
      address: 1,
      type: 'uint16',
    },
    { id: 'p2', rtu: 'R2', equipment: 'S2', signal: 'position', nodeId: 'ns=1;s=S2' },
  ],
};
const EVIDENCE = {
  format: 'relight-evidence/1',
  grid: 'g',
  events: [{ at_ms: 0, equipment: 'S1', signal: 'tripped', value: true, quality: 'good' }],
};

const FORECAST = {
  format: 'relight-forecast/1',
  madeAt: '2026-11-22T16:00:00+07:00',
  step_h: 1,
  hours: [
    { ahead_h: 0, factor: 0.8, feeders: { F1: 1 } },
    { ahead_h: 1, loads: { D1: 1.2 }, generation: 0, generators: { PV1: 0.5 } },
  ],
};

const KINDS: readonly Kind[] = [
  {
    name: 'forecast',
    text: JSON.stringify(FORECAST),
    isJson: true,
    read: (content) => {
      const parsed = parseForecastText(content);
      return parsed.ok ? [] : parsed.error;
    },
  },
  {
    name: 'grid',
    text: text('seeds/feeders/cigre_mv.json'),
    isJson: true,
    read: (content) => {
      const parsed = parseGridText(content);
      return parsed.ok ? [] : parsed.error;
    },
  },
  {
    name: 'points',
    text: JSON.stringify(POINTS),
    isJson: true,
    read: json((value) => {
      const parsed = parsePointList(value);
      return parsed.ok ? [] : parsed.error;
    }),
  },
  {
    name: 'points as CSV',
    text: writePointListCsv(POINTS as unknown as Parameters<typeof writePointListCsv>[0]),
    isJson: false,
    read: (content) => {
      const read = readPointListCsv(content);
      if (!read.ok)
        return read.error.map(({ message, line }) => ({ path: `line ${line}`, message }));
      const parsed = parsePointList(read.value.json);
      return parsed.ok ? [] : parsed.error;
    },
  },
  {
    name: 'evidence',
    text: JSON.stringify(EVIDENCE),
    isJson: true,
    read: json((value) => checkShape(EvidenceFile, value).issues),
  },
  {
    name: 'configuration',
    text: text('relight.yaml'),
    isJson: false,
    read: (content) => {
      try {
        readConfigurationText(content, {}, {});
        return [];
      } catch (cause) {
        if (cause instanceof StartError) return [{ message: cause.message }];
        throw cause;
      }
    },
  },
];

/** Damages files of every format, as text and as values, and reads them. */
export function fuzzFiles(options: { files: number; seed: number }): FuzzFilesResult {
  const chance = new RandomStream(options.seed, 'fuzz files');
  const wrong: string[] = [];
  let refused = 0;
  for (let i = 0; i < options.files; i++) {
    const kind = pick(chance, KINDS);
    const content =
      kind.isJson && chance.next() < 0.6
        ? (JSON.stringify(mutatedValue(JSON.parse(kind.text), chance)) ?? '')
        : mutatedBytes(Buffer.from(kind.text), chance).toString('utf8');
    try {
      const problems = kind.read(content);
      if (problems.length > 0) refused += 1;
      const silent = problems.find(({ path, message }) => message === '' || path === '');
      if (silent !== undefined) wrong.push(`${kind.name}: ${JSON.stringify(silent)}`);
    } catch (cause) {
      wrong.push(
        `${kind.name} (file ${i}): ${cause instanceof Error ? cause.stack : String(cause)}`,
      );
    }
  }
  return { files: options.files, refused, wrong: wrong.slice(0, 20) };
}
