import { useApp, useLive, useSpeech } from '../app-context.ts';
import { SheetSymbol } from '../parts/icons.tsx';
import { symbolName } from '../scene/draw-symbols.ts';
import { liveLooks } from '../scene/picture.ts';
import { sectionOf } from '../scene/section-index.ts';
import { deviceName, stationOf } from '../store/grid-book.ts';
import { Fact } from './fact.tsx';
import { FaultPlacement } from './fault-placement.tsx';
import { PhaseOrderBlock } from './phase-order-block.tsx';

function SectionFacts({ node }: { readonly node: string }) {
  const { t, num, duration } = useSpeech();
  const { live, book } = useApp();
  const sections = useLive((state) => state.sections);
  const feeders = useLive((state) => state.feeders);
  const section = sections.size === 0 ? undefined : sectionOf(book, live.get(), node);
  if (section === undefined) return null;
  return (
    <dl className="signals" data-testid="section" data-state={section.state}>
      <Fact name={t('section.name')} value={section.name} />
      <Fact
        name={t('section.state')}
        value={t(`look.${section.state}`)}
        bad={section.state !== 'live'}
      />
      {section.phaseUnconfirmed !== undefined && (
        <Fact name={t('phase.name')} value={t('phase.short')} bad />
      )}
      <Fact
        name={t('section.feeder')}
        value={
          section.feeder === null ? '–' : (feeders.get(section.feeder)?.name ?? section.feeder)
        }
      />
      <Fact name={t('section.customers')} value={num(section.customers)} figure />
      <Fact name="P" value={`${num(section.p_kW)} kW`} figure />
      {section.deadSince_ms !== null && section.state !== 'live' && (
        <Fact
          name={t('section.deadFor')}
          value={duration((live.serverNow_ms() ?? section.deadSince_ms) - section.deadSince_ms)}
          figure
        />
      )}
    </dl>
  );
}

/** A line, its section, and in a simulation the way to place a fault on it. */
export function LineInspector({ id }: { readonly id: string }) {
  const { book } = useApp();
  const { t, num } = useSpeech();
  const simulation = useLive((state) => state.simulation);
  const line = book.lines.get(id);
  if (line === undefined) return null;
  return (
    <>
      <section className="faceplate" data-testid="faceplate">
        <header>
          <h2>
            <span className="dev">{deviceName(book, id)}</span>{' '}
            <span className="dim">{t(`construction.${line.construction ?? 'unknown'}`)}</span>
          </h2>
          <p className="dim num">{id}</p>
        </header>
        <div className="values one">
          <dl>
            <Fact
              name={t('line.length')}
              value={line.length_m === undefined ? '–' : `${num(line.length_m)} m`}
              figure
            />
            <Fact
              name={t('line.rating')}
              value={line.rated_A === undefined ? '–' : `${num(line.rated_A)} A`}
              figure
            />
          </dl>
          <SectionFacts node={line.from} />
        </div>
      </section>
      <PhaseOrderBlock key={id} node={line.from} />
      {simulation && <FaultPlacement equipment={id} />}
    </>
  );
}

/** A load, transformer, source or indicator: what is known of it. */
export function EquipmentInspector({ id }: { readonly id: string }) {
  const { book, live } = useApp();
  const { t, num } = useSpeech();
  const measurements = useLive((state) => state.measurements);
  const symbol = book.symbols.get(id);
  if (symbol === undefined) return null;
  const load = book.loads.get(id);
  const transformer = book.transformers.get(id);
  const values = [...measurements.values()].filter((m) => m.equipment === id);
  const looks = liveLooks(book, live.get(), [], live.serverNow_ms() ?? 0);
  return (
    <section className="faceplate" data-testid="faceplate">
      <header>
        <h2>
          <span className="dev">{deviceName(book, id)}</span>{' '}
          <span className="dim">{t(`kind.${symbol.kind}`)}</span>
        </h2>
        <p className="position dim num">
          <SheetSymbol name={symbolName(symbol.kind, looks.ofSymbol(symbol).look)} />
          {[id, stationOf(book, id)].filter((part) => part !== null).join(' · ')}
        </p>
      </header>
      <div className="values one">
        <dl>
          {load !== undefined && (
            <>
              <Fact name={t('section.customers')} value={num(load.customers ?? 0)} figure />
              <Fact name={t('load.peak')} value={`${num(load.p_kW)} kW`} figure />
              <Fact
                name={t('load.priority')}
                value={t(`loadPriority.${load.priority ?? 'normal'}`)}
              />
            </>
          )}
          {transformer !== undefined && (
            <Fact
              name={t('transformer.rating')}
              value={`${num(transformer.rated_MVA)} MVA`}
              figure
            />
          )}
          {values.map((m) => (
            <Fact
              key={m.id}
              name={t(`signal.${m.signal === 'faultIndicator' ? 'faultIndicator' : 'value'}`, {
                signal: m.signal,
              })}
              value={
                typeof m.value === 'number'
                  ? num(m.value, 1)
                  : m.value === true
                    ? t('switch.passed')
                    : m.value === false
                      ? t('switch.notPassed')
                      : '–'
              }
              bad={m.quality !== 'good' || m.value === true}
              figure={typeof m.value === 'number'}
            />
          ))}
        </dl>
        <SectionFacts node={symbol.nodes[0]} />
      </div>
    </section>
  );
}
