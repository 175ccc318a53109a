import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useApp, useSpeech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { addressOf, MOST_PANES } from '../store/ui-store.ts';

/** Number of the pane a view stands in. */
export const PaneNumber = createContext(0);

/** Beside, in a window of its own, closed. */
function PaneTools() {
  const { windowUi } = useApp();
  const { t } = useSpeech();
  const index = useContext(PaneNumber);
  const panes = useSyncExternalStore(windowUi.subscribe, () => windowUi.panes);
  const toWindow = (): void => {
    const pane = panes[index];
    if (pane === undefined) return;
    // Nothing is shared with the new window but the session; it has a picture of its own.
    window.open(addressOf([pane]), '_blank', 'popup,width=1280,height=800');
    windowUi.close(index);
  };
  return (
    <span className="pane-tools">
      {panes.length < MOST_PANES && (
        <Button
          onPress={() => windowUi.split()}
          data-testid="pane-split"
          aria-label={t('pane.split')}
        >
          <Icon name="pane-split" />
        </Button>
      )}
      <Button onPress={toWindow} data-testid="pane-window" aria-label={t('pane.window')}>
        <Icon name="pane-window" />
      </Button>
      {panes.length > 1 && (
        <Button
          onPress={() => windowUi.close(index)}
          data-testid="pane-close"
          aria-label={t('pane.close')}
        >
          <Icon name="cross" />
        </Button>
      )}
    </span>
  );
}

interface Props {
  readonly title: string;
  /** What stands small beside the title where there is room. */
  readonly facts?: ReactNode;
  readonly children?: ReactNode;
}

/** The head of a view: what it is, its own tools, and those every pane has. */
export function PaneHead({ title, facts, children }: Props) {
  return (
    <div className="pane-head">
      <h1>{title}</h1>
      {facts !== undefined && <span className="dim wide facts">{facts}</span>}
      <span className="grow" />
      {children}
      <PaneTools />
    </div>
  );
}
