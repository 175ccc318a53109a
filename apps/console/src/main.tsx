import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/scene.css';
import './styles/incident.css';
import './styles/inspector.css';
import './styles/lists.css';
import './styles/station.css';
import './styles/tables.css';
import './styles/panes.css';
import './styles/trends.css';
import './styles/people.css';
import './styles/catalogue.css';
import './styles/desk.css';
import './styles/admin.css';
import './styles/records.css';
import './styles/print.css';
import type { GridFile } from '@relight/contract';
import { AdminDesk } from './admin/admin-desk.tsx';
import { attachPresence, SessionStore } from './people/session-store.ts';
import { SignIn } from './people/sign-in.tsx';
import { AppContext, speechOf } from './app-context.ts';
import { Application } from './application.tsx';
import { SymbolSheet } from './parts/icons.tsx';
import { openGridBook } from './store/grid-book.ts';
import { LiveStore } from './store/live-store.ts';
import { fetchGrid, RequestRefused } from './store/rest.ts';
import { connectStream } from './store/stream.ts';
import { askInsteadOfStream } from './store/without-stream.ts';
import { TrendStore } from './trends/trend-store.ts';
import { listenToWatchdog, WatchdogStore } from './store/watchdog.ts';
import { UiStore } from './store/ui-store.ts';

const ASK_AGAIN_MS = 1_000;
/** What somebody sees of the grid whose role does not see it. */
const NO_GRID: GridFile = { format: 'relight-grid/1', id: 'none', nodes: [], sources: [] };

const place = document.querySelector('#root');
if (place === null) throw new Error('the page has no place for the console');
const root = createRoot(place);
const ui = new UiStore();
const live = new LiveStore();
const session = new SessionStore();
const watchdog = new WatchdogStore();

/** Until the grid has been read there is nothing to draw; the server may still be starting. */
async function start(): Promise<void> {
  const { t } = speechOf(ui.get().language);
  root.render(<p className="starting">{t('start.reading')}</p>);
  for (;;) {
    try {
      await session.refresh();
      const watches = session.get()?.rights.includes('watch') !== false;
      const book = openGridBook(watches ? await fetchGrid() : NO_GRID);
      const app = {
        live,
        session,
        ui,
        windowUi: ui,
        book,
        trends: new TrendStore(live),
        watchdog,
        scene: { current: null },
      };
      const address = new URL('/api/v1/stream', location.href);
      address.protocol = address.protocol.replace('http', 'ws');
      if (watches) connectStream(live, session, address.href, '/api/v1/health');
      else askInsteadOfStream(live, session);
      listenToWatchdog(watchdog, () => session.get()?.watchdog);
      attachPresence(session);
      root.render(
        <StrictMode>
          <AppContext value={app}>
            <SymbolSheet />
            {watches ? <Application /> : <AdminDesk />}
          </AppContext>
        </StrictMode>,
      );
      return;
    } catch (error) {
      if (error instanceof RequestRefused && error.code === 'RL-020') {
        root.render(<SignIn language={ui.get().language} onDone={() => void start()} />);
        return;
      }
      root.render(<p className="starting">{t('start.waiting')}</p>);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

void start();
