import { TextInput } from './text-input.tsx';

/** Characters the server takes. */
const LONGEST_PASSWORD = 200;

/** A password with its label: the one in force, or one that is to be. */
export function PasswordInput({
  label,
  value,
  onChange,
  testId,
  which,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testId: string;
  readonly which: 'current' | 'new';
}) {
  return (
    <TextInput
      label={label}
      type="password"
      autoComplete={`${which}-password`}
      value={value}
      onChange={onChange}
      maxLength={LONGEST_PASSWORD}
      testId={testId}
    />
  );
}
