import { Label, TextArea, TextField } from 'react-aria-components';

/** A few lines that a person writes down for others to read, with their label. */
export function NoteInput({
  label,
  value,
  onChange,
  maxLength,
  testId,
  rows = 2,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Characters the server takes. */
  readonly maxLength: number;
  readonly testId: string;
  readonly rows?: number;
}) {
  return (
    <TextField className="note-field" value={value} onChange={onChange} maxLength={maxLength}>
      <Label>{label}</Label>
      <TextArea rows={rows} data-testid={testId} />
    </TextField>
  );
}
