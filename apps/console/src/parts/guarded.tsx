import { Component, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from '../app-context.ts';

function Failed({ reason, onAgain }: { readonly reason: string; readonly onAgain: () => void }) {
  const { t } = useSpeech();
  return (
    <div className="failed-view" role="alert" data-testid="failed-view">
      <b>{t('failed.title')}</b>
      <p>{t('failed.rest')}</p>
      <p className="dim num">{reason}</p>
      <Button className="btn" onPress={onAgain}>
        {t('failed.again')}
      </Button>
    </div>
  );
}

/**
 * A part that cannot be drawn says so in its place. Everything else of the console goes on: above
 * all the alarms, which nobody would hear if one broken view took the page with it.
 */
export class Guarded extends Component<
  { readonly children: ReactNode },
  { readonly reason: string | null }
> {
  override state: { readonly reason: string | null } = { reason: null };

  static getDerivedStateFromError(error: unknown): { readonly reason: string } {
    return { reason: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { reason } = this.state;
    if (reason === null) return this.props.children;
    return <Failed reason={reason} onAgain={() => this.setState({ reason: null })} />;
  }
}
