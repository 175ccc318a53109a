import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ApprovalView } from '@relight/contract';
import { useLive, useServerNow, useSession, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { mayDo } from '../people/session-store.ts';
import { approve, refuse } from '../store/rest.ts';

/** Approvals that wait, the one that lapses first on top. */
export function useWaitingApprovals(): readonly ApprovalView[] {
  const approvals = useLive((state) => state.approvals);
  const now = useServerNow();
  return [...approvals.values()]
    .filter(({ state, expiresAt_ms }) => state === 'waiting' && expiresAt_ms > now)
    .sort((a, b) => a.expiresAt_ms - b.expiresAt_ms);
}

function Card({ approval }: { readonly approval: ApprovalView }) {
  const { t, say, duration } = useSpeech();
  const now = useServerNow();
  const session = useSession();
  const [saying, setSaying] = useState(false);
  const [reason, setReason] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  // The same person, also in another session, is not a second one; the server says so as well.
  const own = session !== null && session.user === approval.by;
  return (
    <li className="approval" data-testid="approval">
      <p>
        <b>{say(approval.title)}</b>
      </p>
      <p className="dim">
        {approval.byName} ·{' '}
        <span className="num">
          {t('approval.left', { time: duration(approval.expiresAt_ms - now) })}
        </span>
      </p>
      {approval.reason !== null && (
        <p>
          {t('approval.reason')}: {approval.reason}
        </p>
      )}
      <ul className="details">
        {approval.details.map((detail, i) => (
          <li key={i}>{say(detail)}</li>
        ))}
      </ul>
      {saying && (
        <NoteInput
          label={t('approval.whyNot')}
          value={reason}
          onChange={setReason}
          maxLength={400}
          testId="approval-why-not"
        />
      )}
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      <div className="commands">
        {!own && (
          <ActionButton
            testId="approval-approve"
            isDisabled={!mayDo(session, 'approve')}
            action={() => approve(approval.id, approval.hash)}
            onRefused={setRefused}
          >
            {t('approval.approve')}
          </ActionButton>
        )}
        {saying ? (
          <ActionButton
            isDisabled={reason.trim().length < 3}
            action={() => refuse(approval.id, reason.trim())}
            onRefused={setRefused}
          >
            {t(own ? 'approval.withdraw' : 'approval.refuse')}
          </ActionButton>
        ) : (
          <Button className="btn" onPress={() => setSaying(true)}>
            {t(own ? 'approval.withdraw' : 'approval.refuse')}…
          </Button>
        )}
      </div>
    </li>
  );
}

/** What waits for a second person, above everything else in the inspector column. */
export function ApprovalsBlock() {
  const { t } = useSpeech();
  const waiting = useWaitingApprovals();
  if (waiting.length === 0) return null;
  return (
    <section className="approvals" aria-label={t('approval.title')} data-testid="approvals">
      <h2>{t('approval.title')}</h2>
      <ul>
        {waiting.map((approval) => (
          <Card key={approval.id} approval={approval} />
        ))}
      </ul>
    </section>
  );
}
