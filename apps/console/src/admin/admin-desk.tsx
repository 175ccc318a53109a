import { useLive, useSpeech } from '../app-context.ts';
import { LockBar } from '../people/lock-bar.tsx';
import { UserMenu } from '../people/user-menu.tsx';
import { LostBanner } from '../shell/lost-banner.tsx';
import { LanguageSwitch, ThemeSwitch } from '../shell/top-bar.tsx';
import { useWindowLook } from '../window-look.ts';
import { AdminSections } from './admin-sections.tsx';

/** The page of somebody who looks after accounts and may not see the grid. */
export function AdminDesk() {
  useWindowLook();
  const { t } = useSpeech();
  const live = useLive((state) => state.status === 'live');
  return (
    <div className={`admin-desk ${live ? '' : 'stale-frame'}`} data-testid="frame">
      <header className="bar">
        <div className="brand">
          <span>Relight</span>
        </div>
        <h1>{t('view.admin')}</h1>
        <span className="grow" />
        <LanguageSwitch />
        <ThemeSwitch />
        <span className="sep" />
        <UserMenu />
      </header>
      <main className="work">
        <LostBanner />
        <LockBar />
        <AdminSections />
      </main>
    </div>
  );
}
