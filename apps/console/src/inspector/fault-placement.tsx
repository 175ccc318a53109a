import { useCallback, useEffect, useState } from 'react';
import type { PlacedFault } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { SheetSymbol } from '../parts/icons.tsx';
import { hasRight } from '../people/session-store.ts';
import { deviceName, type GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';
import { traceFrom } from '../trace/trace.ts';
import { listFaults, placeFault, repairFault } from '../store/rest.ts';

const KINDS = ['permanent', 'transient', 'standing'] as const;
type Kind = (typeof KINDS)[number];
const READ_AGAIN_MS = 3_000;

/** Faults that stand in the simulation, read again while they are shown. */
export function usePlacedFaults(): {
  readonly faults: readonly PlacedFault[];
  readonly refresh: () => void;
} {
  const [faults, setFaults] = useState<readonly PlacedFault[]>([]);
  const simulation = useLive((state) => state.simulation);
  const refresh = useCallback(() => {
    if (!simulation) return;
    listFaults().then(setFaults, () => setFaults([]));
  }, [simulation]);
  useEffect(() => {
    refresh();
    const timer = setInterval(refresh, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  return { faults, refresh };
}

/** The list of placed faults with the way to repair each. */
export function PlacedFaults({
  faults,
  refresh,
}: {
  readonly faults: readonly PlacedFault[];
  readonly refresh: () => void;
}) {
  const { book, ui } = useApp();
  const { t, time } = useSpeech();
  const [refused, setRefused] = useState<string | null>(null);
  if (faults.length === 0) return null;
  return (
    <>
      <ul className="placed-faults" data-testid="placed-faults">
        {faults.map((fault) => (
          <li key={fault.id}>
            <SheetSymbol name="icon-view-incident" />
            <button
              type="button"
              className="dev link"
              onClick={() => ui.select({ kind: 'line', id: fault.equipment })}
            >
              {deviceName(book, fault.equipment)}
            </button>
            <span className="dim">
              {t(`fault.${fault.kind}`)} · <span className="num">{time(fault.at_ms)}</span>
            </span>
            <ActionButton
              right="simulate"
              className="small"
              testId="repair-fault"
              action={async () => {
                await repairFault(fault.id);
                refresh();
              }}
              onRefused={setRefused}
            >
              {t('fault.repair')}
            </ActionButton>
          </li>
        ))}
      </ul>
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
    </>
  );
}

/** An earth fault trips nothing behind this neutral: that of what feeds the line now. */
function letsEarthFaultStand(book: GridBook, live: LiveState, line: string): boolean {
  const way = traceFrom(book, live, line, 'up');
  // The way begins at the line: the first transformer is the nearest one.
  const fed = [...(way?.branches ?? [])].flatMap((id) => book.transformers.get(id) ?? [])[0];
  const feeding = fed ?? book.file.sources.find(({ id }) => id === way?.source);
  return feeding?.neutralEarthing === 'isolated' || feeding?.neutralEarthing === 'petersen';
}

/** Only where the field is a simulation: put a fault on the selected line. */
export function FaultPlacement({ equipment }: { readonly equipment: string }) {
  const { t } = useSpeech();
  const { faults, refresh } = usePlacedFaults();
  const { book } = useApp();
  const mayStand = useLive((state) => letsEarthFaultStand(book, state, equipment));
  const session = useSession();
  const [kind, setKind] = useState<Kind>('permanent');
  const [refused, setRefused] = useState<string | null>(null);
  const standing = faults.some((fault) => fault.equipment === equipment);
  if (!hasRight(session, 'simulate')) return null;
  return (
    <section className="simulation-box" aria-labelledby="simulation-title">
      <h3 id="simulation-title">
        <SheetSymbol name="icon-view-study" />
        {t('fault.title')}
      </h3>
      <p className="dim">{t('fault.detail')}</p>
      <div className="fault-kinds" role="radiogroup" aria-label={t('fault.kind')}>
        {KINDS.filter((k) => k !== 'standing' || mayStand).map((k) => (
          <label key={k}>
            <input
              type="radio"
              name="fault-kind"
              data-testid={`fault-kind-${k}`}
              checked={kind === k}
              onChange={() => setKind(k)}
            />
            <span>{t(`fault.${k}`)}</span>
          </label>
        ))}
      </div>
      <ActionButton
        right="simulate"
        testId="place-fault"
        isDisabled={standing}
        action={async () => {
          setRefused(null);
          await placeFault(equipment, kind);
          refresh();
        }}
        onRefused={setRefused}
      >
        <SheetSymbol name="icon-view-incident" />
        {t('fault.place')}
      </ActionButton>
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      <PlacedFaults faults={faults} refresh={refresh} />
    </section>
  );
}
