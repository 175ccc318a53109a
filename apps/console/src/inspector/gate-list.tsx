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
  { asking = true, trialOf }: { readonly asking?: boolean; readonly trialOf?: string } = {},
): CommandCheckView | null {
  const [check, setCheck] = useState<CommandCheckView | null>(null);
  const reported = useLive((state) => state.switches.get(equipment));
  const look = useCallback(() => {
    checkCommand(equipment, operation, trialOf).then(setCheck, () => setCheck(null));
  }, [equipment, operation, trialOf]);
  useEffect(() => {
    if (!asking) return undefined;
    look();
    const timer = setInterval(look, CHECK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [look, asking, reported]);
  return check;
}

/** Every gate with a tick or the reason, in fixed order. */
export function Gates({ check }: { readonly check: CommandCheckView | null }) {
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
      {check?.gates.map((gate) => (
        <li
          key={gate.name}
          className={gate.ok ? '' : 'blocked'}
          data-testid={`gate-${gate.name}`}
          data-ok={gate.ok}
        >
          <Icon
            name={gate.ok ? 'tick' : 'cross'}
            label={t(gate.ok ? 'dialog.gateMet' : 'dialog.gateUnmet')}
          />
          <span className="name">{say(gate.label)}</span>
          <span>{say(gate.text)}</span>
        </li>
      ))}
    </ul>
  );
}
