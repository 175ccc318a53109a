import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { SheddingListView } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { DeviceFinder } from '../parts/device-search.tsx';
import { Icon } from '../parts/icons.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { prepareShedding, withdrawShedding } from '../store/rest.ts';
import { traceFrom } from '../trace/trace.ts';

/** Customers and load behind a switch as the grid stands now. */
function useBehind(): (id: string) => { readonly customers: number; readonly load_kW: number } {
  const { book } = useApp();
  const live = useLive((state) => state);
  return (id) => traceFrom(book, live, id, 'down') ?? { customers: 0, load_kW: 0 };
}

function DeviceRows({
  equipment,
  mayOpen,
  onRemove,
}: {
  readonly equipment: readonly string[];
  /** The list is agreed to: each device may be opened, through its own dialog. */
  readonly mayOpen: boolean;
  readonly onRemove?: (id: string) => void;
}) {
  const { book, ui } = useApp();
  const { t, num } = useSpeech();
  const switches = useLive((state) => state.switches);
  const behind = useBehind();
  const total = equipment.reduce(
    (sum, id) => {
      const { customers, load_kW } = behind(id);
      return { customers: sum.customers + customers, load_kW: sum.load_kW + load_kW };
    },
    { customers: 0, load_kW: 0 },
  );
  return (
    <table>
      <thead>
        <tr>
          <th>#</th>
          <th>{t('plan.device')}</th>
          <th>{t('feeder.position')}</th>
          <th className="n">{t('overview.customers')}</th>
          <th className="n">P kW</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {equipment.map((id, i) => {
          const position = switches.get(id)?.position ?? null;
          const { customers, load_kW } = behind(id);
          return (
            <tr key={id} data-testid={`shed-${id}`}>
              <td className="num">{i + 1}</td>
              <td>
                <button
                  type="button"
                  className="link dev"
                  onClick={() => ui.select({ kind: 'symbol', id })}
                >
                  {deviceName(book, id)}
                </button>
              </td>
              <td>{position === null ? '–' : t(`position.${position}`)}</td>
              <td className="n">{num(customers)}</td>
              <td className="n">{num(load_kW)}</td>
              <td className="n">
                {mayOpen && position === 'closed' && (
                  <Button
                    className="btn small"
                    aria-label={`${t('operation.open')} ${deviceName(book, id)}`}
                    data-testid={`shed-open-${id}`}
                    onPress={() => {
                      ui.select({ kind: 'symbol', id });
                      ui.set({ dialog: 'open' });
                    }}
                  >
                    {t('operation.open')}…
                  </Button>
                )}
                {onRemove !== undefined && (
                  <Button
                    className="btn small"
                    aria-label={`${t('trends.remove')} ${deviceName(book, id)}`}
                    onPress={() => onRemove(id)}
                  >
                    <Icon name="cross" size="s12" />
                  </Button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
      {equipment.length > 1 && (
        <tfoot>
          <tr>
            <td colSpan={3}>{t('shedding.sum')}</td>
            <td className="n">{num(total.customers)}</td>
            <td className="n">{num(total.load_kW)}</td>
            <td />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function List({ list }: { readonly list: SheddingListView }) {
  const { t, time, day } = useSpeech();
  const may = mayDo(useSession(), 'command');
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <section className="shedding-list" data-testid="shedding-list" data-state={list.state}>
      <h2>
        {list.name} <span className="dim">{t(`sheddingState.${list.state}`)}</span>
      </h2>
      <p className="note">
        {list.byName} · <span className="num">{`${day(list.at_ms)} ${time(list.at_ms)}`}</span>
        {list.approvedByName !== null &&
          ` · ${t('shedding.agreed', { who: list.approvedByName })}`}{' '}
        <ActionButton
          className="small"
          testId="shedding-withdraw"
          isDisabled={!may}
          action={() => withdrawShedding(list.id)}
          onRefused={setRefused}
        >
          {t('shedding.withdraw')}
        </ActionButton>
        {refused !== null && (
          <span className="refusal" role="alert">
            {refused}
          </span>
        )}
      </p>
      <DeviceRows equipment={list.equipment} mayOpen={may && list.state === 'approved'} />
    </section>
  );
}

function NewList() {
  const { book } = useApp();
  const { t } = useSpeech();
  const may = mayDo(useSession(), 'command');
  const [name, setName] = useState('');
  const [equipment, setEquipment] = useState<readonly string[]>([]);
  const [told, setTold] = useState<string | null>(null);
  return (
    <section className="shedding-form" data-testid="shedding-form">
      <h2>{t('shedding.new')}</h2>
      <div className="row-form">
        <TextInput
          label={t('shedding.name')}
          value={name}
          onChange={setName}
          testId="shedding-name"
        />
        <div className="note-field">
          <span>{t('shedding.add')}</span>
          <DeviceFinder
            label={t('shedding.add')}
            testId="shedding-device"
            accept={(id) => book.switches.get(id)?.remote === true && !equipment.includes(id)}
            onPick={({ id }) => setEquipment([...equipment, id])}
          />
        </div>
        <ActionButton
          testId="shedding-prepare"
          isDisabled={!may || name.trim() === '' || equipment.length === 0}
          action={async () => {
            setTold(null);
            await prepareShedding(name.trim(), equipment);
            setName('');
            setEquipment([]);
            setTold(t('tags.waits'));
          }}
          onRefused={setTold}
        >
          {t('tags.askSecond')}
        </ActionButton>
      </div>
      {told !== null && (
        <p className="note" role="status">
          {told}
        </p>
      )}
      {equipment.length > 0 && (
        <DeviceRows
          equipment={equipment}
          mayOpen={false}
          onRemove={(id) => setEquipment(equipment.filter((each) => each !== id))}
        />
      )}
    </section>
  );
}

/** Where load is being shed now, by 81 or by order: the automation keeps its hands off. */
function Signal() {
  const { t } = useSpeech();
  const feeders = useLive((state) => state.feeders);
  const on = [...feeders.values()].filter(({ shedding }) => shedding === true);
  return (
    <p className={`note ${on.length > 0 ? 'bad' : ''}`} role="status" data-testid="shedding-signal">
      {on.length === 0
        ? t('shedding.noSignal')
        : t('shedding.signal', { list: on.map(({ name }) => name).join(', ') })}
    </p>
  );
}

/** Lists of opens that two people agree to beforehand, and where load is being shed now. */
export function SheddingView() {
  const { t } = useSpeech();
  const lists = useLive((state) => state.sheddingLists);
  const standing = [...lists.values()]
    .filter(({ state }) => state !== 'withdrawn')
    .sort((a, b) => b.at_ms - a.at_ms);
  return (
    <>
      <PaneHead title={t('title.shedding')} facts={t('shedding.note')} />
      <div className="data-table shedding" tabIndex={0} aria-label={t('title.shedding')}>
        <Signal />
        {standing.map((list) => (
          <List key={list.id} list={list} />
        ))}
        {standing.length === 0 && <p className="note">{t('shedding.none')}</p>}
        <NewList />
      </div>
    </>
  );
}
