import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  HISTORY_MOST_ROWS,
  type Configuration,
  type EventExportQuery,
  type EventHistoryQuery,
  type Snapshot,
  type ValueHistoryQuery,
} from '@relight/contract';
import type { Result } from '@relight/foundation';
import { openHistory, type HistoryRefused } from '@relight/journal';
import type { ViewChanges } from '@relight/operations';
import { refusal, type Answer, type Handlers } from './answer.ts';
import { HistoryFeed } from './history-feed.ts';
import type { RouteId } from './routes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type HistoryRoute = Extract<RouteId, 'eventHistory' | 'eventExport' | 'valueHistory'>;

export interface HistoryParts {
  readonly journalDirectory: string;
  readonly configuration: Configuration['history'];
  /** The picture at the start: its measurements are those that are kept. */
  readonly picture: Pick<Snapshot, 'measurements'>;
  readonly now: () => number;
  readonly log: Logger;
}

/** The history of a running control centre. */
export interface HistoryKeeping {
  /** Takes in what a step changed. */
  push(changes: ViewChanges): void;
  readonly handlers: Pick<Handlers, HistoryRoute>;
  stop(): Promise<void>;
}

/** Keeps values and events of the past in `history/` of the journal folder, and answers for them. */
export function keepHistory(parts: HistoryParts): HistoryKeeping {
  const { configuration, log, now } = parts;
  const points = parts.picture.measurements.map(({ id }) => id);
  const history = openHistory({
    directory: join(parts.journalDirectory, 'history'),
    points,
    keepValues_ms: configuration.values_h * HOUR_MS,
    keepEvents_ms: configuration.events_d * DAY_MS,
    onTrouble: (reason) => {
      if (reason === null) log.info('the history is written again');
      else log.error({ reason }, 'the history cannot be written');
    },
  });
  const feed = new HistoryFeed({ points, now, take: (portion) => history.take(portion) });
  return {
    push: (changes) => feed.push(changes),
    handlers: {
      eventHistory: async ({ query }) =>
        answerOf(await history.events(query as EventHistoryQuery), (body) => ({
          status: 200,
          body,
        })),
      valueHistory: async ({ query }) =>
        answerOf(await history.values(query as ValueHistoryQuery), (body) => ({
          status: 200,
          body,
        })),
      eventExport: async ({ query }) =>
        answerOf(await history.table(query as EventExportQuery), tableAnswer),
    },
    stop: async () => {
      feed.stop();
      await history.close();
    },
  };
}

function tableAnswer(table: Uint8Array | null): Answer {
  if (table === null) {
    return refusal(
      422,
      'RL-082',
      `more than ${HISTORY_MOST_ROWS} events match: ask for a shorter range`,
      {
        vi: `hơn ${HISTORY_MOST_ROWS} sự kiện: chọn khoảng thời gian ngắn hơn hoặc lọc thêm`,
        en: `more than ${HISTORY_MOST_ROWS} events: choose a shorter range or filter them`,
      },
    );
  }
  return {
    status: 200,
    body: Buffer.from(table.buffer, table.byteOffset, table.byteLength),
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="relight-events.csv"',
    },
  };
}

function answerOf<Value>(
  result: Result<Value, HistoryRefused>,
  shown: (value: Value) => Answer,
): Answer {
  if (result.ok) return shown(result.value);
  const { kind, reason } = result.error;
  if (kind === 'busy') {
    const told = refusal(429, 'RL-045', `the history is busy: ${reason}`, {
      vi: 'nhiều người đang hỏi lịch sử: thử lại sau giây lát',
      en: 'others are asking the history: try again in a moment',
    });
    return { ...told, retryAfter_s: 1 };
  }
  return refusal(503, 'RL-081', `the history cannot be asked: ${reason}`, {
    vi: 'không đọc được lịch sử; giám sát và điều khiển không bị ảnh hưởng',
    en: 'the history cannot be asked; picture and commands are not touched',
  });
}
