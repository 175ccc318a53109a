import { useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useApp, useSession, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { unlock } from '../store/rest.ts';

/** A locked desk goes on showing the grid and its alarms; nothing else works until it is unlocked. */
export function LockBar() {
  const { session } = useApp();
  const { t } = useSpeech();
  const view = useSession();
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  if (view === null || !view.locked) return null;
  const go = async (): Promise<void> => {
    setRefused(null);
    session.set(await unlock(view.profile === 'demo' ? undefined : password));
    setPassword('');
  };
  return (
    <div className="lock-bar" role="status" data-testid="locked">
      <b>{t('people.locked')}</b>
      <span>{t('people.lockedDetail', { who: view.name })}</span>
      {view.profile === 'production' && (
        <TextField
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
        >
          <Label className="visually-hidden">{t('people.password')}</Label>
          <Input placeholder={t('people.password')} />
        </TextField>
      )}
      <ActionButton action={go} onRefused={setRefused} testId="unlock">
        {t('people.unlock')}
      </ActionButton>
      {refused !== null && <span>{refused}</span>}
    </div>
  );
}
