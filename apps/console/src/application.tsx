import { useEffect, useSyncExternalStore } from 'react';
import { useApp, useLive, useUi } from './app-context.ts';
import { SidePanel } from './inspector/side-panel.tsx';
import { attachKeyboard } from './keys/keyboard.ts';
import { Guarded } from './parts/guarded.tsx';
import { WorkArea } from './panes/work-area.tsx';
import { attachAlarmSound } from './shell/alarm-sound.ts';
import { AlarmStrip } from './shell/alarm-strip.tsx';
import { LockBar } from './people/lock-bar.tsx';
import { LostBanner } from './shell/lost-banner.tsx';
import { Rail } from './shell/rail.tsx';
import { TopBar } from './shell/top-bar.tsx';
import type { ViewName } from './store/ui-store.ts';
import { useWindowLook } from './window-look.ts';

/** Views that need no inspector beside them. */
const WHOLE_WIDTH = new Set<ViewName>(['events', 'admin', 'keys', 'catalogue']);

/** The frame of the console around the view of this window. */
export function Application() {
  const app = useApp();
  useWindowLook();
  const view = useUi((state) => state.view);
  const live = useLive((state) => state.status === 'live');
  useEffect(() => attachKeyboard(app), [app]);
  useEffect(() => attachAlarmSound(app), [app]);
  // With several panes the inspector keeps its place: no pane moves when another becomes active.
  const several = useSyncExternalStore(app.windowUi.subscribe, () => app.windowUi.panes.length > 1);
  const wholeWidth = !several && WHOLE_WIDTH.has(view);
  return (
    <div
      className={`frame ${live ? '' : 'stale-frame'} ${several ? 'several' : ''}`}
      data-testid="frame"
    >
      <TopBar />
      <Rail />
      <main className="work">
        <LostBanner />
        <LockBar />
        <WorkArea />
      </main>
      {!wholeWidth && (
        <Guarded key={view}>
          <SidePanel />
        </Guarded>
      )}
      <AlarmStrip />
    </div>
  );
}
