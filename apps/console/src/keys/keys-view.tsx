import { useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { KEYS } from './keys.ts';

/** What every key does. */
export function KeysView() {
  const { t } = useSpeech();
  return (
    <>
      <PaneHead title={t('title.keys')} />
      <div className="keys-page" tabIndex={0} aria-label={t('title.keys')} data-testid="keys">
        <p className="dim">
          {t('keys.note')}{' '}
          <a href="#/catalogue" data-testid="to-catalogue">
            {t('view.catalogue')}
          </a>
        </p>
        <div className="keys-groups">
          {KEYS.map(({ group, keys }) => (
            <section key={group}>
              <h2>{t(group)}</h2>
              <dl>
                {keys.map(([names, meaning]) => (
                  <div key={meaning}>
                    <dt>
                      {names.map((name) => (
                        <kbd key={name}>{name}</kbd>
                      ))}
                    </dt>
                    <dd>{t(meaning)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </>
  );
}
