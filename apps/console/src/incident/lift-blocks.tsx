import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { IncidentView } from '@relight/contract';
import { useLive, useSession, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { TickBox } from '../parts/tick-box.tsx';
import { mayDo } from '../people/session-store.ts';
import { liftBlocks } from '../store/rest.ts';
import { NO_ANSWER, RepairQuestion, repairReport, type RepairAnswer } from './repair-answer.tsx';

/** Sections to tick, each with its customers. */
function SectionTicks({
  label,
  sections,
  chosen,
  onChange,
}: {
  readonly label: string;
  readonly sections: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}) {
  const { t, num } = useSpeech();
  const known = useLive((state) => state.sections);
  return (
    <fieldset className="ticks one-column">
      <legend>{label}</legend>
      {sections.map((id) => {
        const section = known.get(id);
        return (
          <TickBox
            key={id}
            isSelected={chosen.has(id)}
            onChange={(on) =>
              onChange(new Set(on ? [...chosen, id] : [...chosen].filter((each) => each !== id)))
            }
            testId={`lift-${id}`}
          >
            <span>
              {section?.name ?? id}{' '}
              {section !== undefined && section.customers > 0 && (
                <span className="dim num">
                  {t('scene.customers', { n: num(section.customers) })}
                </span>
              )}
            </span>
          </TickBox>
        );
      })}
    </fieldset>
  );
}

/**
 * After the repair: a person declares sections clear, and only then may they be energised again.
 * Ticked at first is what the incident keeps dead. What merely lost supply by it can be named as
 * well, for the independent monitor keeps its own account. A wrong answer here can kill: it is asked
 * twice, and the focus stands on Cancel.
 */
export function LiftBlocks({ incident }: { readonly incident: IncidentView }) {
  const { t, num } = useSpeech();
  const may = mayDo(useSession(), 'decide');
  const [asking, setAsking] = useState(false);
  const kept = incident.keptDead ?? [];
  const others = (incident.lostSupply ?? []).filter((id) => !kept.includes(id));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(kept));
  const [said, setSaid] = useState<RepairAnswer>(NO_ANSWER);
  const repair = repairReport(said);
  const awaited = incident.decisions.includes('liftBlocks');
  if (!awaited && others.length === 0) return null;
  // Where nothing is kept dead, a person still has to say that the trip is explained.
  const named = kept.length + others.length === 0 ? undefined : [...chosen].sort();
  return (
    <footer className="actions lift">
      {asking ? (
        <Confirm
          title={t('lift.title')}
          confirm={
            named === undefined || named.length === 0
              ? t('lift.now')
              : t('lift.nowSome', { n: num(named.length) })
          }
          danger
          testId="lift-confirm"
          isDisabled={named?.length === 0 || repair === null}
          action={async () => {
            if (repair !== null) await liftBlocks(incident, named, repair);
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('lift.question')}</p>
          {kept.length > 0 && (
            <SectionTicks
              label={t('lift.kept', { incident: incident.id })}
              sections={kept}
              chosen={chosen}
              onChange={setChosen}
            />
          )}
          {others.length > 0 && (
            <details open={kept.length === 0}>
              <summary>{t('lift.others', { n: num(others.length) })}</summary>
              <p className="dim">{t('lift.othersNote')}</p>
              <SectionTicks
                label={t('lift.othersLabel')}
                sections={others}
                chosen={chosen}
                onChange={setChosen}
              />
            </details>
          )}
          <RepairQuestion said={said} onChange={setSaid} />
        </Confirm>
      ) : (
        <Button
          className="btn"
          data-testid="lift-blocks"
          isDisabled={!may}
          onPress={() => {
            setChosen(new Set(kept));
            setSaid(NO_ANSWER);
            setAsking(true);
          }}
        >
          {t(awaited ? 'lift.open' : 'lift.openOthers')}
        </Button>
      )}
    </footer>
  );
}
