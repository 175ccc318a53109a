import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useApp, useLive, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { deviceName, stationOf } from '../store/grid-book.ts';
import { feederLoadings, tieMargins, transformerLoadings } from './loading.ts';

const NEAR = 0.9;

function Share({
  value,
  bound = false,
}: {
  readonly value: number | null;
  readonly bound?: boolean;
}) {
  const { num } = useSpeech();
  if (value === null) return <td className="n">–</td>;
  return (
    <td className={`n ${value > 1 ? 'bad' : ''} ${value >= NEAR ? 'near' : ''}`}>
      {bound ? '≥ ' : ''}
      {num(value * 100)} %
    </td>
  );
}

function Bar({ value }: { readonly value: number | null }) {
  return (
    <td className="bar-cell" aria-hidden="true">
      <svg width="120" height="10" viewBox="0 0 120 10">
        <rect className="bar-frame" x="0.5" y="0.5" width="100" height="9" />
        {value !== null && (
          <rect
            className={value > 1 ? 'bar-over' : 'bar-used'}
            x="0.5"
            y="0.5"
            width={Math.min(119, value * 100)}
            height="9"
          />
        )}
      </svg>
    </td>
  );
}

/** Feeders, transformers and ties against their ratings. */
export function LoadingView() {
  const { ui, book } = useApp();
  const { t, num } = useSpeech();
  const live = useLive((state) => state);
  const link = (id: string, words: string): ReactNode => (
    <button type="button" className="link" onClick={() => ui.select({ kind: 'symbol', id })}>
      {words}
    </button>
  );
  const feederName = (id: string | null): string =>
    id === null ? '–' : (live.feeders.get(id)?.name ?? id).replace(/^Xuất tuyến /u, '');
  const figure = (value: number | null, unit: string): string =>
    value === null ? '–' : `${num(value)} ${unit}`;
  return (
    <>
      <PaneHead title={t('title.loading')} facts={t('loading.note')}>
        <Button
          className="btn small"
          data-testid="to-shedding"
          onPress={() => ui.set({ view: 'shedding', selection: null, dialog: null })}
        >
          {t('title.shedding')}
        </Button>
      </PaneHead>
      <div className="data-table" tabIndex={0} aria-label={t('title.loading')}>
        <h2>{t('overview.feeders')}</h2>
        <table className="even" data-testid="feeder-loading">
          <thead>
            <tr>
              <th>{t('overview.feeder')}</th>
              <th className="n">{t('overview.current')}</th>
              <th className="n">{t('loading.limit')}</th>
              <th className="n share">{t('loading.share')}</th>
              <th className="bar-cell" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {feederLoadings(book, live).map((f) => (
              <tr key={f.id} data-testid={`loading-${f.id}`}>
                <td>{link(f.head, feederName(f.id))}</td>
                <td className="n">
                  {figure(f.current_A, 'A')}
                  {f.good ? '' : ' ?'}
                </td>
                <td className="n">{figure(f.limit_A, 'A')}</td>
                <Share value={f.share} />
                <Bar value={f.share} />
              </tr>
            ))}
          </tbody>
        </table>
        <h2>{t('loading.transformers')}</h2>
        <table className="even" data-testid="transformer-loading">
          <thead>
            <tr>
              <th>{t('loading.transformer')}</th>
              <th className="n">P</th>
              <th className="n">Q</th>
              <th className="n">{t('transformer.rating')}</th>
              <th className="n share">{t('loading.share')}</th>
              <th className="bar-cell" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {transformerLoadings(book, live).map((tr) => (
              <tr key={tr.id}>
                <td>
                  {link(
                    tr.id,
                    [deviceName(book, tr.id), stationOf(book, tr.id) ?? tr.id].join(' · '),
                  )}
                </td>
                <td className="n">
                  {tr.activePower_kW === null ? '–' : `${num(tr.activePower_kW / 1000, 1)} MW`}
                  {tr.good ? '' : ' ?'}
                </td>
                <td className="n">
                  {tr.reactivePower_kvar === null
                    ? '–'
                    : `${num(tr.reactivePower_kvar / 1000, 1)} MVAr`}
                </td>
                <td className="n">{num(tr.rated_MVA)} MVA</td>
                <Share value={tr.share} bound={tr.lowerBound} />
                <Bar value={tr.share} />
              </tr>
            ))}
          </tbody>
        </table>
        <h2>{t('loading.ties')}</h2>
        <p className="note">{t('loading.tieNote')}</p>
        <table className="even" data-testid="tie-margins">
          <thead>
            <tr>
              <th>{t('loading.tie')}</th>
              <th>{t('loading.between')}</th>
              <th className="n">{t('loading.spare')}</th>
              <th>{t('loading.and')}</th>
              <th className="n">{t('loading.spare')}</th>
              <th className="n">{t('switch.rating')}</th>
            </tr>
          </thead>
          <tbody>
            {tieMargins(book, live).map((tie) => (
              <tr key={tie.id}>
                <td>{link(tie.id, deviceName(book, tie.id))}</td>
                <td>{feederName(tie.feeders[0])}</td>
                <td className={`n ${(tie.spare_A[0] ?? 0) < 0 ? 'bad' : ''}`}>
                  {figure(tie.spare_A[0], 'A')}
                </td>
                <td>{feederName(tie.feeders[1])}</td>
                <td className={`n ${(tie.spare_A[1] ?? 0) < 0 ? 'bad' : ''}`}>
                  {figure(tie.spare_A[1], 'A')}
                </td>
                <td className="n">{figure(tie.rated_A, 'A')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
