import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { IncidentView } from '@relight/contract';
import { useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { decide } from '../store/rest.ts';

/**
 * After the repair: a person declares the faulted part clear, and only then may it be energised
 * again. Asked twice, because a wrong answer here can kill; the focus stands on Cancel.
 */
export function LiftBlocks({ incident }: { readonly incident: IncidentView }) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <footer className="actions">
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      {asking ? (
        <>
          <p className="refusal">{t('action.liftQuestion')}</p>
          <ActionButton
            className="danger"
            testId="lift-blocks-confirm"
            action={() =>
              decide(incident.id, 'liftBlocks', incident.planVersion, incident.planHash)
            }
            onRefused={setRefused}
          >
            {t('action.liftConfirm')}
          </ActionButton>
          <Button className="btn" autoFocus onPress={() => setAsking(false)}>
            {t('action.liftCancel')}
          </Button>
        </>
      ) : (
        <Button className="btn" data-testid="lift-blocks" onPress={() => setAsking(true)}>
          {t('action.lift')}
        </Button>
      )}
    </footer>
  );
}
