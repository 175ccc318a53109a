import { useSession, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { AdminSections } from './admin-sections.tsx';

/** Who is logged in, accounts and tokens; everybody sees what their role is about. */
export function AdminView() {
  const { t } = useSpeech();
  const session = useSession();
  return (
    <>
      <PaneHead
        title={t('view.admin')}
        {...(session === null ? {} : { facts: t(`adminProfile.${session.profile}`) })}
      />
      <AdminSections />
    </>
  );
}
