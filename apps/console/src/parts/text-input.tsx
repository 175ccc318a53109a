import { Input, Label, TextField } from 'react-aria-components';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testId: string;
  readonly type?: 'text' | 'password';
  readonly autoComplete?: string;
  readonly maxLength?: number;
}

/** One line of text with its label. */
export function TextInput({
  label,
  value,
  onChange,
  testId,
  type = 'text',
  autoComplete = 'off',
  maxLength = 100,
}: Props) {
  return (
    <TextField
      className="note-field"
      type={type}
      value={value}
      onChange={onChange}
      maxLength={maxLength}
      autoComplete={autoComplete}
    >
      <Label>{label}</Label>
      <Input data-testid={testId} />
    </TextField>
  );
}
