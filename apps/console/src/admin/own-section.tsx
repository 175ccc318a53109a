import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useApp, useSession, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { PasswordInput } from '../parts/password-input.tsx';
import { changePassword } from '../store/rest-people.ts';
import { areaWords } from './area-words.ts';

function OwnPassword({
  onChanged,
  onClose,
}: {
  readonly onChanged: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && again !== next;
  return (
    <Confirm
      title={t('admin.changeOwn')}
      confirm={t('admin.change')}
      testId="own-password"
      isDisabled={current === '' || next === '' || next !== again}
      action={async () => {
        await changePassword(current, next);
        onChanged();
      }}
      onClose={onClose}
    >
      <p>{t('admin.changeOwnEffect')}</p>
      <div className="fields">
        <PasswordInput
          label={t('admin.current')}
          which="current"
          value={current}
          onChange={setCurrent}
          testId="own-current"
        />
        <PasswordInput
          label={t('admin.next')}
          which="new"
          value={next}
          onChange={setNext}
          testId="own-next"
        />
        <PasswordInput
          label={t('admin.nextAgain')}
          which="new"
          value={again}
          onChange={setAgain}
          testId="own-again"
        />
      </div>
      {differs && <p className="refusal">{t('admin.differs')}</p>}
    </Confirm>
  );
}

/** Who I am here, what I may do, until when; and my password. */
export function OwnSection() {
  const { book } = useApp();
  const { t, time, day, num } = useSpeech();
  const session = useSession();
  const [changing, setChanging] = useState(false);
  const [changed, setChanged] = useState(false);
  if (session === null) return null;
  const { name, user, roles, areas, rights, idleLock_ms, expiresAt_ms } = session;
  return (
    <section data-testid="own-session">
      <h2>{t('admin.own')}</h2>
      <dl className="own-facts">
        <div>
          <dt>{t('admin.person')}</dt>
          <dd>
            {name} <span className="dim">{user}</span>
          </dd>
        </div>
        <div>
          <dt>{t('admin.roles')}</dt>
          <dd>{roles.map((role) => t(`role.${role}`)).join(', ')}</dd>
        </div>
        <div>
          <dt>{t('admin.areas')}</dt>
          <dd>{areaWords(book.stationNames, areas) ?? t('admin.allAreas')}</dd>
        </div>
        <div className="whole">
          <dt>{t('admin.may')}</dt>
          <dd>
            {rights
              .filter((right) => right !== 'own')
              .map((right) => t(`right.${right}`))
              .join(', ')}
          </dd>
        </div>
        <div>
          <dt>{t('admin.idleLock')}</dt>
          <dd className="num">
            {idleLock_ms === null
              ? t('admin.never')
              : t('trends.minutes', { n: num(idleLock_ms / 60_000) })}
          </dd>
        </div>
        <div>
          <dt>{t('admin.expires')}</dt>
          <dd className="num">{`${day(expiresAt_ms)} ${time(expiresAt_ms).slice(0, 5)}`}</dd>
        </div>
      </dl>
      {session.profile === 'production' && !changing && (
        <p className="note">
          <Button className="btn" data-testid="own-change" onPress={() => setChanging(true)}>
            {t('admin.changeOwn')}…
          </Button>{' '}
          {changed && <span role="status">{t('admin.changed')}</span>}
        </p>
      )}
      {changing && (
        <OwnPassword onChanged={() => setChanged(true)} onClose={() => setChanging(false)} />
      )}
    </section>
  );
}
