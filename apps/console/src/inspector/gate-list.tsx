import { useCallback, useEffect, useRef, useState } from 'react';
import type { CommandCheckView, SwitchOperation } from '@relight/contract';
import { useLive, useSpeech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { checkCommand } from '../store/rest.ts';

const CHECK_AGAIN_MS = 2_000;

/**
 * What every gate says of a command that is not sent, asked anew every two seconds and when the
 * device reports; the last answer stays while `asking` is false. Null: not answered yet.
 */
export function useCommandCheck(
  equipment: string,
  operation: SwitchOperation,
  asking = true,
): CommandCheckView | null {
  const [check, setCheck] = useState<CommandCheckView | null>(null);
  const reportedAt_ms = useLive((state) => state.switches.get(equipment)?.sourceTime_ms);
  const look = useCallback(() => {
    checkCommand(equipment, operation).then(setCheck, () => setCheck(null));
  }, [equipment, operation]);
  useEffect(() => {
    if (!asking) return undefined;
    look();
    const timer = setInterval(look, CHECK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [look, asking, reportedAt_ms]);
  return check;
}

interface Props {
  readonly check: CommandCheckView | null;
  /** Names of gates that what is about to be declared opens; they are marked, not hidden. */
  readonly lifted?: readonly string[];
}

/** Every gate with a tick or the reason, in fixed order. */
export function Gates({ check, lifted = [] }: Props) {
  const { t, say } = useSpeech();
  const list = useRef<HTMLUListElement>(null);
  const failed = check?.gates.find((gate) => !gate.ok)?.name;
  // A failed gate keeps its place in the order, but is brought into sight.
  useEffect(() => {
    if (failed !== undefined)
      list.current?.querySelector('.blocked')?.scrollIntoView({ block: 'nearest' });
  }, [failed]);
  return (
    <ul ref={list} className="gates" data-testid="gates">
      {check?.gates.map((gate) => {
        const opened = !gate.ok && lifted.includes(gate.name);
        return (
          <li key={gate.name} className={gate.ok ? '' : opened ? 'lifted' : 'blocked'}>
            <Icon
              name={gate.ok ? 'tick' : 'cross'}
              label={t(gate.ok ? 'dialog.gateMet' : 'dialog.gateUnmet')}
            />
            <span className="name">{say(gate.label)}</span>
            <span>
              {say(gate.text)}
              {opened && <b> · {t('trial.lifts')}</b>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
