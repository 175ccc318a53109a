import { lazy, Suspense, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { DeviceSearch } from '../parts/device-search.tsx';
import { hueWords } from '../scene/line-hues.ts';
import { nextColour } from '../store/ui-store.ts';
import { NetworkScene } from '../scene/network-scene.tsx';
import { PHASE_ORDER_SYMBOL } from '../tags/tag-marks.ts';

/** Every form the lines and areas of the picture take, with its word. */
export function Legend() {
  const { t, num } = useSpeech();
  const colour = useUi((state) => state.colour);
  // Rare, and then it must be told: it comes first.
  const hasJoint = useLive((state) =>
    [...state.sections.values()].some(({ phaseUnconfirmed }) => phaseUnconfirmed !== undefined),
  );
  const entries: readonly (readonly [string, ReactNode])[] = [
    [t('legend.live'), <path key="a" className="wire" d="M0 7H26" />],
    [
      t('legend.restored'),
      <g key="b">
        <path className="wire halo" d="M2 7H24" />
        <path className="wire" d="M0 7H26" />
      </g>,
    ],
    [
      t('legend.dead'),
      <g key="c">
        <path className="wire dead-outline" d="M0 7H26" />
        <path className="wire dead-core" d="M0 7H26" />
      </g>,
    ],
    [
      t('legend.faulted'),
      <g key="d">
        <path className="wire fault-outline" d="M0 7H26" />
        <path className="wire fault-core" d="M0 7H26" />
      </g>,
    ],
    [
      t('legend.clock'),
      <g key="f">
        <rect className="clock-frame" x="1" y="4" width="24" height="5" />
        <rect className="clock-left" x="1" y="4" width="13" height="5" />
      </g>,
    ],
    [t('legend.next'), <circle key="i" className="dot-next" cx="13" cy="7" r="6" />],
    [
      t('legend.stale'),
      <rect key="g" className="box-unknown" x="1" y="1" width="24" height="12" />,
    ],
    [t('legend.abnormal'), <circle key="h" className="ring-abnormal" cx="13" cy="7" r="6" />],
    [
      t('legend.suspected'),
      <rect key="e" className="box-suspected" x="1" y="1.5" width="24" height="11" rx="2" />,
    ],
  ];
  return (
    <div className="legend" aria-hidden="true">
      {hasJoint && (
        <span>
          <svg width="16" height="16">
            <use href={`#${PHASE_ORDER_SYMBOL}`} width="16" height="16" />
          </svg>
          {t('legend.phaseOrder')}
        </span>
      )}
      {hueWords(colour, num).map(([name, words]) => (
        <span key={words}>
          <svg width="26" height="14">
            <path className="wire" style={{ stroke: `var(--${name})` }} d="M0 7H26" />
          </svg>
          <span className="num">{words}</span>
        </span>
      ))}
      {entries.map(([words, shape]) => (
        <span key={words}>
          <svg width="26" height="14">
            {shape}
          </svg>
          {words}
        </span>
      ))}
    </div>
  );
}

const MapScene = lazy(async () => ({
  default: (await import('../map/map-scene.tsx')).MapScene,
}));

interface Props {
  readonly title: string;
  readonly subtitle: string;
  /** Incident whose steps are numbered; null: all open ones. */
  readonly incident: string | null;
}

/** The diagram with its head and legend. */
export function NetworkPane({ title, subtitle, incident }: Props) {
  const { ui } = useApp();
  const { t } = useSpeech();
  const map = useUi((state) => state.map);
  const colour = useUi((state) => state.colour);
  const abnormalOnly = useUi((state) => state.abnormalOnly);
  const out = useLive((state) => state.summary?.customersOut ?? 0);
  return (
    <>
      <PaneHead title={title} facts={subtitle}>
        <DeviceSearch />
        <Button
          className={`chip wide ${map ? 'on' : ''}`}
          data-testid="map-switch"
          onPress={() => ui.set({ map: !map })}
        >
          {t('scene.map')} <kbd>L</kbd>
        </Button>
        <Button
          className={`chip ${colour === 'state' ? '' : 'on'}`}
          onPress={() => ui.set({ colour: nextColour(colour) })}
        >
          {t(`colour.${colour}`)} <kbd>M</kbd>
        </Button>
        <Button
          className={`chip ${abnormalOnly ? 'on' : ''}`}
          onPress={() => ui.set({ abnormalOnly: !abnormalOnly })}
        >
          {t('scene.abnormalOnly')} <kbd>N</kbd>
        </Button>
        <Button
          className="chip wide"
          data-testid="zoom-working"
          onPress={() => ui.set({ workingRequests: ui.get().workingRequests + 1 })}
        >
          <span className="num">1 : 1</span> <kbd>1</kbd>
        </Button>
        <Button
          className="chip wide"
          onPress={() => ui.set({ fitRequests: ui.get().fitRequests + 1 })}
        >
          {t('scene.fit')} <kbd>0</kbd>
        </Button>
      </PaneHead>
      <span className="visually-hidden" data-testid="customers-out">
        {out}
      </span>
      {map ? (
        <Suspense fallback={<div className="scene" />}>
          <MapScene incident={incident} />
        </Suspense>
      ) : (
        <NetworkScene incident={incident} />
      )}
      <Legend />
    </>
  );
}
