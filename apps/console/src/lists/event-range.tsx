import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { useApp, useSpeech } from '../app-context.ts';
import { momentOf, momentText } from '../i18n/format.ts';

/** Wall time, ms, from inclusive, to exclusive. */
export interface Range {
  readonly from_ms: number;
  readonly to_ms: number;
}

const HOUR_MS = 3_600_000;
const PRESETS = [
  ['1h', HOUR_MS],
  ['8h', 8 * HOUR_MS],
  ['24h', 24 * HOUR_MS],
  ['7d', 7 * 24 * HOUR_MS],
] as const;

/** What is going on, or a piece of the past: one press for the usual ones, two moments for any. */
export function EventRange({
  range,
  onPick,
}: {
  /** Null: what is going on. */
  readonly range: Range | null;
  readonly onPick: (range: Range | null) => void;
}) {
  const { live } = useApp();
  const { t } = useSpeech();
  const [preset, setPreset] = useState<string | null>(null);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [wrong, setWrong] = useState(false);
  const pick = (next: Range | null, name: string | null): void => {
    setPreset(name);
    setWrong(false);
    setFrom(next === null ? '' : momentText(next.from_ms));
    setTo(next === null ? '' : momentText(next.to_ms));
    onPick(next);
  };
  const submit = (): void => {
    const from_ms = momentOf(from);
    const to_ms = momentOf(to);
    if (from_ms === null || to_ms === null || to_ms <= from_ms) setWrong(true);
    else pick({ from_ms, to_ms }, null);
  };
  const field = (
    label: string,
    value: string,
    onChange: (text: string) => void,
    testId: string,
  ) => (
    <TextField
      className="moment"
      value={value}
      onChange={onChange}
      isInvalid={wrong}
      maxLength={16}
    >
      <Label>{label}</Label>
      <Input placeholder={t('events.moment')} data-testid={testId} />
    </TextField>
  );
  return (
    <Form
      className="event-range"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Button
        className={`chip ${range === null ? 'on' : ''}`}
        data-testid="range-live"
        onPress={() => pick(null, null)}
      >
        {t('events.live')}
      </Button>
      {PRESETS.map(([name, length_ms]) => (
        <Button
          key={name}
          className={`chip ${range !== null && preset === name ? 'on' : ''}`}
          data-testid={`range-${name}`}
          onPress={() => {
            const to_ms = live.serverNow_ms() ?? Date.now();
            pick({ from_ms: to_ms - length_ms, to_ms }, name);
          }}
        >
          {t(`range.${name}`)}
        </Button>
      ))}
      {field(t('events.from'), from, setFrom, 'range-from')}
      {field(t('events.to'), to, setTo, 'range-to')}
      <Button type="submit" className="btn small" data-testid="range-show">
        {t('events.show')}
      </Button>
      {wrong && (
        <span className="bad" role="alert">
          {t('events.wrongRange')}
        </span>
      )}
    </Form>
  );
}
