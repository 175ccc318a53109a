import type { SymbolKind } from '@relight/diagram';
import { useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { Icon, SheetSymbol } from '../parts/icons.tsx';
import { symbolName } from '../scene/draw-symbols.ts';
import { qualityLetter } from '../scene/picture.ts';
import { PRIORITIES } from '../shell/top-bar.tsx';
import { PHASE_ORDER_SYMBOL, TAG_SYMBOLS } from '../tags/tag-marks.ts';
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
/** Qualities that put a letter on a device, in the order of the letters. */
const QUALITIES = [
  'invalid',
  'notTopical',
  'substituted',
  'blocked',
  'overflow',
  'questionable',
] as const;
/** With these the position still counts; with the others it is not known. */
const KEEPS_POSITION: ReadonlySet<string> = new Set(['substituted', 'blocked']);
const AREAS = ['restored', 'faulted', 'suspected', 'dead', 'unknown'] as const;
const TAGS = ['doNotOperate', 'crewAtWork', 'hotLine', 'information'] as const;

/** A device as it stands in a diagram, with what is drawn round it. */
function Mark({
  name,
  ring = false,
  letter,
  flag = false,
}: {
  readonly name: string;
  readonly ring?: boolean;
  readonly letter?: string;
  readonly flag?: boolean;
}) {
  return (
    <svg className="catalogue-mark" width="52" height="36" aria-hidden="true">
      <path className="wire" d="M0 20H52" />
      <use href={`#${name}`} x="17" y="11" width="18" height="18" />
      {ring && <circle className="ring-abnormal" cx="26" cy="20" r="13" />}
      {flag && <use href="#fault-indicator-closed" x="35" y="1" width="15" height="15" />}
      {letter !== undefined && (
        <text x="38" y="13">
          {letter}
        </text>
      )}
    </svg>
  );
}

/** A section of a line in one of its states: its ground, its outline and its line. */
function Area({ look }: { readonly look: (typeof AREAS)[number] }) {
  return (
    <svg className={`catalogue-area ${look}`} width="96" height="40" aria-hidden="true">
      <rect className="ground" x="2" y="2" width="92" height="36" rx="3" />
      {look === 'faulted' && <rect x="3" y="14" width="90" height="23" fill="url(#hatch-fault)" />}
      {look === 'unknown' && <rect x="3" y="3" width="90" height="34" fill="url(#hatch-unknown)" />}
      {look === 'dead' && (
        <>
          <rect className="clock-frame" x="2" y="2" width="92" height="5" />
          <rect className="clock-left" x="2" y="2" width="54" height="5" />
        </>
      )}
      {look === 'restored' && <path className="wire halo" d="M2 27H94" />}
      <path className="wire outer" d="M2 27H94" />
      {look !== 'restored' && <path className="wire core" d="M2 27H94" />}
    </svg>
  );
}

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
        </section>
        <section>
          <h2>{t('switch.quality')}</h2>
          <ul data-testid="catalogue-qualities">
            {QUALITIES.map((quality) => (
              <li key={quality}>
                <SheetSymbol
                  name={symbolName(
                    'loadBreakSwitch',
                    KEEPS_POSITION.has(quality) ? 'closed' : 'bad',
                  )}
                />
                <b className="num">{qualityLetter(quality)}</b>
                {t(`quality.${quality}`)}
              </li>
            ))}
          </ul>
          <h2>{t('catalogue.marks')}</h2>
          <ul data-testid="catalogue-marks">
            <li>
              <Mark ring name="breaker-open" />
              {t('legend.abnormal')}
            </li>
            <li>
              <Mark name="recloser-closed" letter="S" />
              {t('quality.notTopical')}
            </li>
            <li>
              <Mark name={symbolName('loadBreakSwitch', 'closed')} flag />
              {t('switch.passed')}
            </li>
            <li>
              <SheetSymbol name={PHASE_ORDER_SYMBOL} />
              {t('abnormal.phaseOrder')}
            </li>
          </ul>
        </section>
        <section>
          <h2>{t('catalogue.areas')}</h2>
          <ul data-testid="catalogue-areas">
            {AREAS.map((area) => (
              <li key={area}>
                <Area look={area} />
                {t(`look.${area}`)}
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
