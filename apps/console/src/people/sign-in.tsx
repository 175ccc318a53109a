import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { speechOf } from '../app-context.ts';
import { refusalWords } from '../parts/refusal-words.ts';
import { logIn } from '../store/rest.ts';
import type { Language } from '../store/ui-store.ts';

/** Who is there? Shown where nobody is logged in. */
export function SignIn({
  language,
  onDone,
}: {
  readonly language: Language;
  readonly onDone: () => void;
}) {
  const speech = speechOf(language);
  const { t } = speech;
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      await logIn(user.trim().toLowerCase(), password);
      onDone();
    } catch (error) {
      setPassword('');
      setRefused(refusalWords(speech, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <Form
        className="sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>Relight</h1>
        <p className="dim">{t('people.who')}</p>
        <TextField value={user} onChange={setUser} autoComplete="username" isRequired>
          <Label>{t('people.user')}</Label>
          <Input autoFocus data-testid="user" />
        </TextField>
        <TextField
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          isRequired
        >
          <Label>{t('people.password')}</Label>
          <Input data-testid="password" />
        </TextField>
        {refused !== null && (
          <p className="refusal" role="alert">
            {refused}
          </p>
        )}
        <Button type="submit" className="btn primary" isDisabled={busy} data-testid="log-in">
          {t('people.logIn')}
        </Button>
      </Form>
    </main>
  );
}
