import { useSession, useSpeech } from '../app-context.ts';
import { mayDo } from '../people/session-store.ts';
import { AccountsSection } from './accounts-section.tsx';
import { OwnSection } from './own-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** One's own session; those of others and the accounts for those whose role it is. */
export function AdminSections() {
  const { t } = useSpeech();
  const session = useSession();
  return (
    <div className="data-table admin" tabIndex={0} aria-label={t('view.admin')}>
      <OwnSection />
      {mayDo(session, 'sessions') && <SessionsSection />}
      {mayDo(session, 'accounts') &&
        (session?.profile === 'demo' ? (
          <section data-testid="no-accounts">
            <h2>{t('admin.accounts')}</h2>
            <p className="note">{t('admin.demoNone')}</p>
          </section>
        ) : (
          <AccountsSection />
        ))}
    </div>
  );
}
