import type { SymbolKind } from '@relight/diagram';
import { useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { Icon, SheetSymbol } from '../parts/icons.tsx';
import { symbolName } from '../scene/draw-symbols.ts';
import { PRIORITIES } from '../shell/top-bar.tsx';
import { TAG_SYMBOLS } from '../tags/tag-marks.ts';
import { Legend } from '../views/network-pane.tsx';

const KINDS = [
  'breaker',
  'recloser',
  'loadBreakSwitch',
  'disconnector',
  'sectionaliser',
  'fuse',
  'groundDisconnector',
  'transformer',
  'load',
  'source',
  'generator',
  'capacitor',
  'faultIndicator',
] as const satisfies readonly SymbolKind[];
const LOOKS = ['closed', 'open', 'mid', 'bad'] as const;
const TAGS = ['doNotOperate', 'crewAtWork', 'hotLine', 'information'] as const;

/** Every symbol in every state, with the word for it: to learn them, and to look at after a change. */
export function CatalogueView() {
  const { t } = useSpeech();
  return (
    <>
      <PaneHead title={t('view.catalogue')} />
      <div
        className="keys-page catalogue"
        tabIndex={0}
        aria-label={t('view.catalogue')}
        data-testid="catalogue"
      >
        <table>
          <thead>
            <tr>
              <th>{t('column.device')}</th>
              {LOOKS.map((look) => (
                <th key={look}>{t(`catalogue.${look}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {KINDS.map((kind) => (
              <tr key={kind}>
                <th scope="row">{t(`kind.${kind}`)}</th>
                {LOOKS.map((look) => (
                  <td key={look}>
                    <SheetSymbol
                      name={symbolName(kind, look)}
                      label={`${t(`kind.${kind}`)}: ${t(`catalogue.${look}`)}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <section>
          <h2>{t('tags.title')}</h2>
          <ul>
            {TAGS.map((kind) => (
              <li key={kind}>
                <SheetSymbol name={TAG_SYMBOLS[kind]} />
                {t(`tag.${kind}`)} <span className="dim">{t(`tagMeans.${kind}`)}</span>
              </li>
            ))}
          </ul>
          <h2>{t('column.priority')}</h2>
          <ul>
            {PRIORITIES.map((p) => (
              <li key={p}>
                <Icon name={`priority-${p}`} size="s20" />
                {t(`priority.${p}`)}
              </li>
            ))}
          </ul>
          <h2>{t('catalogue.lines')}</h2>
          <Legend />
        </section>
      </div>
    </>
  );
}
