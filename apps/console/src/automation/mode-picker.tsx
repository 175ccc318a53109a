import type { AutomationMode } from '@relight/contract';
import { useSpeech } from '../app-context.ts';
import { Picker } from '../parts/picker.tsx';
import { MODES_BY_STRICTNESS } from './modes.ts';

/** Chooses a mode; nothing is sent by choosing. */
export function ModePicker({
  label,
  value,
  onPick,
  testId,
}: {
  readonly label: string;
  readonly value: AutomationMode;
  readonly onPick: (mode: AutomationMode) => void;
  readonly testId: string;
}) {
  const { t } = useSpeech();
  return (
    <Picker
      label={label}
      value={value}
      options={MODES_BY_STRICTNESS.map((mode) => ({ id: mode, name: t(`mode.${mode}`) }))}
      onPick={(id) => {
        const mode = MODES_BY_STRICTNESS.find((each) => each === id);
        if (mode !== undefined && mode !== value) onPick(mode);
      }}
      testId={testId}
    />
  );
}
