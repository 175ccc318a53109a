import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { RepairReport } from '@relight/contract';
import { useSpeech } from '../app-context.ts';
import { NoteInput } from '../parts/note-input.tsx';
import { TextInput } from '../parts/text-input.tsx';

const ANSWERS = ['notJoined', 'confirmed', 'unconfirmed'] as const;

/** What a person has said so far of conductors joined in a repair; null: nothing yet. */
export interface RepairAnswer {
  readonly answer: (typeof ANSWERS)[number] | null;
  readonly by: string;
  readonly how: string;
}

export const NO_ANSWER: RepairAnswer = { answer: null, by: '', how: '' };

/** As the server takes it; null while something is still to be said. */
export function repairReport({ answer, by, how }: RepairAnswer): RepairReport | null {
  switch (answer) {
    case null:
      return null;
    case 'notJoined':
      return { conductorsJoined: false };
    case 'unconfirmed':
      return { conductorsJoined: true };
    case 'confirmed': {
      const phaseOrder = { by: by.trim(), how: how.trim() };
      const isSaid = phaseOrder.by.length >= 2 && phaseOrder.how.length >= 3;
      return isSaid ? { conductorsJoined: true, phaseOrder } : null;
    }
  }
}

/** Who confirmed a phase order, and how and when. */
export function ConfirmationFields({
  by,
  how,
  onChange,
}: {
  readonly by: string;
  readonly how: string;
  readonly onChange: (change: { readonly by?: string; readonly how?: string }) => void;
}) {
  const { t } = useSpeech();
  return (
    <>
      <TextInput
        label={t('phase.by')}
        value={by}
        onChange={(value) => onChange({ by: value })}
        testId="phase-by"
      />
      <NoteInput
        label={t('phase.how')}
        value={how}
        onChange={(value) => onChange({ how: value })}
        maxLength={500}
        testId="phase-how"
      />
    </>
  );
}

/**
 * Were conductors joined in the repair? There is no answer to begin with: whoever joins two
 * conductors may have changed their order, and that shows only when a tie is closed onto it.
 */
export function RepairQuestion({
  said,
  onChange,
}: {
  readonly said: RepairAnswer;
  readonly onChange: (said: RepairAnswer) => void;
}) {
  const { t } = useSpeech();
  return (
    <>
      <RadioGroup
        className="choices"
        value={said.answer}
        onChange={(value) =>
          onChange({ ...said, answer: ANSWERS.find((each) => each === value) ?? null })
        }
      >
        <Label>{t('phase.question')}</Label>
        {ANSWERS.map((value) => (
          <Radio key={value} value={value} className="choice" data-testid={`repair-${value}`}>
            {t(`phase.${value}`)}
          </Radio>
        ))}
      </RadioGroup>
      {said.answer === 'confirmed' && (
        <ConfirmationFields
          by={said.by}
          how={said.how}
          onChange={(change) => onChange({ ...said, ...change })}
        />
      )}
      {said.answer === 'unconfirmed' && <p className="dim">{t('phase.unconfirmedNote')}</p>}
    </>
  );
}
