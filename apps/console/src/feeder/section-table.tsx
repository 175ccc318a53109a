import type { SectionEntry } from '@relight/diagram';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { qualityLetter } from '../scene/picture.ts';
import { sectionOf } from '../scene/section-index.ts';
import { deviceName } from '../store/grid-book.ts';

/** Sections from the head outward: what feeds each, how many customers, what flows, what its indicator says. */
export function SectionTable({ entries }: { readonly entries: readonly SectionEntry[] }) {
  const { ui, book } = useApp();
  const { t, num } = useSpeech();
  const live = useLive((state) => state);
  const selected = useUi((state) => state.selection?.id);
  return (
    <div className="data-table feeder-sections" tabIndex={0} aria-label={t('feeder.sections')}>
      <table>
        <thead>
          <tr>
            <th>{t('feeder.entry')}</th>
            <th>{t('feeder.position')}</th>
            <th className="n">{t('overview.current')}</th>
            <th>{t('switch.indicator')}</th>
            <th>{t('section.name')}</th>
            <th>{t('section.state')}</th>
            <th>{t('section.feeder')}</th>
            <th className="n">{t('overview.customers')}</th>
            <th className="n">P kW</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => {
            const section = sectionOf(book, live, entry.node);
            const device = live.switches.get(entry.switch);
            const current = live.measurements.get(`${entry.switch} current_A`);
            const letter = device === undefined ? '?' : qualityLetter(device.quality);
            const ampere =
              typeof current?.value === 'number'
                ? `${num(current.value)}${current.quality === 'good' ? '' : ` ${qualityLetter(current.quality) ?? '?'}`}`
                : '–';
            return (
              <tr
                key={entry.switch}
                className={entry.switch === selected ? 'selected' : ''}
                data-testid={`section-of-${entry.switch}`}
              >
                <td>
                  <button
                    type="button"
                    className="link dev"
                    onClick={() => ui.select({ kind: 'symbol', id: entry.switch })}
                  >
                    {deviceName(book, entry.switch)}
                  </button>
                </td>
                <td>
                  {device?.position === null || device === undefined
                    ? '–'
                    : t(`position.${device.position}`)}
                  {letter === null ? '' : ` ${letter}`}
                </td>
                <td className="n">{ampere}</td>
                <td>
                  {device?.faultIndicator === null || device === undefined
                    ? '–'
                    : t(device.faultIndicator ? 'switch.passed' : 'switch.notPassed')}
                </td>
                <td>{section?.name ?? '–'}</td>
                <td className={section?.state === 'live' ? '' : 'bad'}>
                  {t(`look.${section?.state ?? 'unknown'}`)}
                </td>
                <td>
                  {section === undefined || section.feeder === null
                    ? '–'
                    : (live.feeders.get(section.feeder)?.name ?? section.feeder)}
                </td>
                <td className="n">{section === undefined ? '–' : num(section.customers)}</td>
                <td className="n">{section === undefined ? '–' : num(section.p_kW)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
